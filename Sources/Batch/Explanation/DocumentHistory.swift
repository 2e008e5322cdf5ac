package import Findings
import Mapping
import State

/// What became of a document in the runs that brought, tried or corrected it: read from archive and state.
package struct DocumentHistory: Codable, Sendable {
  /// What one run made of the document.
  package struct Version: Codable, Sendable {
    package enum Verdict: String, Codable, Sendable {
      case posted, held, rejected
      /// It had been posted elsewhere.
      case adopted
      /// What was posted of it was taken back, for it was void, not approved any more, or not in a full snapshot.
      case void, withdrawn, missing
      /// The mapping leaves it out.
      case ignored
      /// It is not approved any more, or not in a full snapshot, and its vouchers stand.
      case unapproved, lacking
      /// It had waited, and is not waited for any longer: a full snapshot does not have it, or somebody has said so.
      case gone, dismissed
      /// It came again as it was posted, and what was held of it is not waited for any longer.
      case repeated
    }

    package var run: Int
    package var clock: String
    package var verdict: Verdict
    /// Why it was held, rejected or ignored.
    package var reasons: [Reason]
    /// Of one that `document.ignore` leaves out.
    package var condition: String?
    /// `nil` where that can't be told.
    package var file: SourceFile?
    package var vouchers: [Posted]
    /// Postings that waited for a value.
    package var pending: [String]
    package var corrections: [CorrectionLink]
  }

  package struct Reason: Codable, Sendable {
    package var code: String
    package var message: String
  }

  /// A posting's voucher; those of earlier runs go on standing for what has not changed.
  package struct Posted: Codable, Sendable {
    package var posting: String
    package var voucher: String
    package var run: Int
    /// Whether it was refused outside and voided, so that it counts as never posted.
    package var isVoid: Bool
  }

  package var document: String
  package var interface: String
  package var versions: [Version]
  /// Postings that are made when the month is over.
  package var deferred: [String]

  /// - Parameters:
  ///   - text: the key as logs show it.
  ///   - interface: the only one that is asked for; without it, all.
  /// - Returns: one for each document that has such a key; none where nothing is known of one.
  package static func find(
    _ text: String, interface: String? = nil, in workspace: Workspace, language: Language
  ) throws(WorldError) -> [DocumentHistory] {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return [] }
      defer { try? state.close() }
      let keys = keys(shownAs: text)
      let named = try RecordSearch(state: state, workspace: workspace).runs(naming: keys)
      let interfaces = try state.interfaces().filter { interface == nil || $0 == interface }
      let found = try interfaces.flatMap { name in
        var reader = HistoryReader(name, state, workspace, language)
        let register = try state.register(of: name)
        return try keys.compactMap { try reader.read($0, register, named: named[$0] ?? []) }
      }
      guard found.isEmpty else { return found }
      return try interfaces.flatMap { name in
        var reader = HistoryReader(name, state, workspace, language)
        return try keys.compactMap { try reader.readFiles($0) }
      }
    }
  }

  /// The keys that are shown as `text`: a `/` may stand between two parts of a key, or in one.
  static func keys(shownAs text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    let slashes = bytes.indices.filter { bytes[$0] == 0x2F }
    // A key of that many parts, and slashes among them, is none that anybody has.
    guard slashes.count <= 10 else { return [bytes] }
    return (0..<1 << slashes.count).map { choice in
      var key = bytes
      for (bit, place) in slashes.enumerated() where choice >> bit & 1 == 1 {
        key[place] = DocumentGatherer.keySeparator
      }
      return key
    }
  }
}
