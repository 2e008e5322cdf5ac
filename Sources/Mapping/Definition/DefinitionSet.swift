package import Definitions
package import Findings

/// Everything that a definitions' folder holds, with everything that is wrong with it.
///
/// What is wrong is left out of `books`, `interfaces` and `profiles`; with findings, it serves to find more of them.
package struct DefinitionSet: Sendable {
  package var workspace: WorkspaceDefinition
  /// In order of their files' names, as the lists below.
  package var books: [BookDefinition]
  package var interfaces: [InterfaceDefinition]
  /// `path` is relative to the definitions' folder, as the places of the nodes are to the workspace.
  package var profiles: [(path: String, tree: Node)]
  package var findings: [Finding]
  /// Every file that was read, in order of its path's bytes: what a fingerprint covers.
  package var files: [(path: String, bytes: [UInt8])]
}
