import Findings
import Foundation
import Ledger
import Mapping
import Readers
import State

/// What waits in a workspace, what was done last, and what needs a person: read while a run may be at work, and
/// without changing anything.
package struct WorkspaceStatus: Codable, Sendable {
  /// A file in the inbox, and the interface that would take it; none where it would stay.
  package struct Waiting: Codable, Sendable {
    package var file: String
    package var interface: String?
    package var reason: String?
    /// Whether it waits for another file, or for its own end, and for nobody.
    package var isIncomplete = false
  }

  /// Documents that are held for one cause.
  package struct Held: Codable, Sendable {
    package var interface: String
    package var cause: String
    package var documents: Int
    package var rows: Int
    package var sinceRun: Int
  }

  /// Posted documents with a posting that is made when their month is over.
  package struct Deferred: Codable, Sendable {
    package var interface: String
    /// `2026-03`.
    package var month: String
    package var documents: Int
  }

  package var waiting: [Waiting]
  package var held: [Held]
  package var deferred: [Deferred]
  /// How many of them could not be made though the month was over at the last run.
  package var overdue: Int
  /// Vouchers that the finance system did not take, and those without an answer for longer than their book allows.
  package var refusedVouchers = 0
  package var silentVouchers = 0
  /// Documents that are to be exported again, for their voucher was refused and voided.
  package var voidedDocuments = 0
  /// Reject files with documents that have not come back mended.
  package var rejectFiles: [String]
  /// Files that brought the program down.
  package var quarantined: [String]
  package var lastRun: RunEntry?
  package var lastTried: String?
  /// A run that was not carried out to its end: the next one goes on with it.
  package var unfinished: [Int]
  /// Files that are not ours and have names of ours, so that nothing new is begun.
  package var blocked: [String]
  /// The first run whose commit record is missing: a lost state could not be made again.
  package var missingRecord: Int?
  package var needsPerson: Bool
  /// With a fault in the definitions no run opens a file.
  package var definitionFaults: Int

  package init(_ workspace: Workspace) throws(WorldError) {
    self = try Pipeline.typed(workspace) { try Self(reading: workspace) }
  }

  private init(reading workspace: Workspace) throws {
    let definitions = try CompiledDefinitions(of: workspace)
    let language = definitions.language
    definitionFaults = definitions.findings.count
    quarantined = try Self.names(in: workspace.quarantine)
    waiting = try Self.waiting(workspace, definitions, language)
    guard let state = try workspace.readState() else {
      (held, deferred, overdue, rejectFiles, lastRun, lastTried) = ([], [], 0, [], nil, nil)
      (unfinished, blocked) = ([], [])
      needsPerson = definitionFaults > 0 || waiting.contains { $0.interface == nil && !$0.isIncomplete }
      return
    }
    definitionFaults += try definitions.takenCodes(since: state, workspace).count
    held = try Self.held(definitions, state, language)
    rejectFiles = try Set(state.openRejects().map(\.rejectFile)).sorted()
    lastRun = try state.lastRuns(1).first.map { RunEntry($0, try state.files(of: $0.number)) }
    lastTried = try state.lastHeartbeat()
    deferred = try state.deferredSummary().map {
      Deferred(
        interface: $0.interface, month: Day(number: Int32($0.monthEnd)).period.description,
        documents: $0.count)
    }
    overdue = try lastTried.map { try definitions.overdue(in: state, on: Day(ofClock: $0)) } ?? 0
    refusedVouchers = try RefusedVoucher.open(state, ArchivedEntries(workspace: workspace)).count
    silentVouchers =
      try lastTried.map { try definitions.silentVouchers(in: state, on: Day(ofClock: $0)) }?
      .reduce(0) { $0 + (Int($1.arguments[1]) ?? 0) } ?? 0
    voidedDocuments = try Set(
      state.unposted().filter(\.waitsForExport).map { HeldKey(interface: $0.interface, key: $0.key) }
    ).count
    unfinished = try state.unfinishedRuns().map(\.number)
    blocked = try Publishing.blocked(state, workspace).map { $0.place.file.printable }
    missingRecord = try ArchivedRecords(workspace: workspace).missing(
      committed: try state.lastCommitted(), before: unfinished.min() ?? .max)
    needsPerson =
      definitionFaults > 0 || !blocked.isEmpty || missingRecord != nil || !held.isEmpty || overdue > 0
      || !quarantined.isEmpty || refusedVouchers + silentVouchers + voidedDocuments > 0
      || waiting.contains { $0.interface == nil && !$0.isIncomplete }
      || !rejectFiles.isEmpty
  }

  private static func names(in folder: Path) throws -> [String] {
    guard try System.status(folder) != nil else { return [] }
    return try System.names(in: folder).map { String(decoding: $0, as: UTF8.self).printable }
  }

  private static func waiting(
    _ workspace: Workspace, _ definitions: CompiledDefinitions, _ language: Language
  ) throws -> [Waiting] {
    guard try System.status(workspace.inbox) != nil else { return [] }
    let inbox = try InboxSurvey(workspace.inbox, settle: 0, definitions.interfaces)
    var waiting = inbox.recognised.map {
      Waiting(file: $0.file.nameText.printable, interface: $0.interface)
    }
    for finding in inbox.findings {
      let (file, reason) = (finding.place.file.printable, finding.message(in: language))
      if waiting.last?.file == file, let before = waiting.last?.reason {
        waiting[waiting.count - 1].reason = before + "; " + reason
      } else {
        waiting.append(Waiting(file: file, interface: nil, reason: reason))
      }
    }
    waiting += inbox.waiting.map {
      Waiting(
        file: $0.name.printable, interface: nil, reason: $0.message(in: language), isIncomplete: true)
    }
    return waiting
  }

  private static func held(
    _ definitions: CompiledDefinitions, _ state: StateStore, _ language: Language
  ) throws -> [Held] {
    var groups: [String: Held] = [:]
    for summary in try state.heldSummary() {
      for document in try state.heldDocuments(of: summary.interface) {
        let cause = document.causes.first?.message(in: language)
        let key = summary.interface + "\u{0}" + (cause ?? "")
        groups[
          key,
          default: Held(
            interface: summary.interface, cause: cause ?? "", documents: 0, rows: 0,
            sinceRun: document.sinceRun)
        ].add(document)
      }
    }
    return groups.values.sorted {
      ($1.documents, $0.interface, $0.cause) < ($0.documents, $1.interface, $1.cause)
    }
  }
}

extension WorkspaceStatus.Held {
  fileprivate mutating func add(_ document: HeldDocument) {
    documents += 1
    rows += document.places.count
    sinceRun = min(sinceRun, document.sinceRun)
  }
}

/// A run as `status` and `log` show it.
package struct RunEntry: Codable, Sendable {
  package struct File: Codable, Sendable {
    package var name: String
    package var phase: String
    package var sha256: String?
    package var summary: FileSummary?
  }

  package var run: Int
  package var clock: String
  package var phase: String
  package var needsPerson: Bool
  package var summary: RunSummary?
  package var files: [File]

  init(_ record: RunRecord, _ files: [RunFile]) {
    run = record.number
    clock = record.clock
    phase = record.phase.rawValue
    needsPerson = record.needsPerson
    summary = RunSummary(json: record.summary)
    self.files = files.map {
      File(
        name: String(decoding: $0.name, as: UTF8.self).printable, phase: $0.phase.rawValue,
        sha256: $0.sha256.map { hex($0) }, summary: FileSummary(json: $0.outcome))
    }
  }

  /// The last runs of a workspace, newest first.
  package static func last(_ count: Int, of workspace: Workspace) throws(WorldError) -> [RunEntry] {
    try Pipeline.typed(workspace) {
      guard let state = try workspace.readState() else { return [] }
      defer { try? state.close() }
      return try state.lastRuns(count).map { RunEntry($0, try state.files(of: $0.number)) }
    }
  }
}
