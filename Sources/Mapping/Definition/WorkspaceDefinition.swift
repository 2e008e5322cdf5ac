package import Findings
package import Readers

/// What `workspace.yaml` says of the whole workspace.
package struct WorkspaceDefinition: Sendable {
  /// The language of messages and logs, where the workspace says one.
  package var messages: Language?
  /// IANA name of the time zone in which a run's clock is shown and dates of files are made.
  package var timeZone: SourceText
  /// Seconds that a file must have been left alone before it is taken.
  package var settle: Int
  package var limits = ReadingLimits()

  /// The language of what is written into files: the same whoever runs the batch.
  package var language: Language { messages ?? .chinese }
}
