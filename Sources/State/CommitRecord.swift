internal import Crypto
internal import Foundation

/// What a commit made true, as a file of the archive: one JSON object a line. From the records of all runs in their order
/// the state can be made again; each has the digest of the one before, so that none can be lost or changed unseen, and at
/// its end the digest of its own lines, for the last one has none behind it.
package struct CommitRecord: Sendable {
  package var run: Int
  package var clock: String
  /// As the run ended with them: phase, digest and outcome, but nothing of the disk that they were on.
  package var files: [RunFile]
  /// What the run published, without the record itself, which comes after all others.
  package var publications: [Publication]
  package var decision: RunDecision
  /// SHA-256 of the record of the run before; empty for the first.
  package var previous: [UInt8]

  package init(
    run: Int, clock: String, files: [RunFile], publications: [Publication], decision: RunDecision,
    previous: [UInt8]
  ) {
    self.run = run
    self.clock = clock
    self.files = files
    self.publications = publications
    self.decision = decision
    self.previous = previous
    for outcome in decision.files {
      guard let index = files.firstIndex(where: { $0.sequence == outcome.sequence }) else {
        preconditionFailure("What a run decides of a file, it decides of one that it planned")
      }
      self.files[index].sha256 = outcome.sha256
      self.files[index].outcome = outcome.outcome
    }
  }

  /// The publication that the record is itself, once it has been written.
  package static func name(run: Int) -> String {
    let digits = String(run)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".jsonl"
  }

  /// Gives the lines, each with its line feed.
  package func write(_ sink: ([UInt8]) throws -> Void) rethrows {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var digest = SHA256()
    func put(_ line: Line) throws {
      guard let bytes = try? encoder.encode(line) else {
        preconditionFailure("Texts and numbers have a JSON form")
      }
      let text = [UInt8](bytes) + [0x0A]
      digest.update(data: text)
      try sink(text)
    }
    try put(
      Line(
        commit: Line.Commit(
          version: Self.version, run: run, clock: clock, definitions: decision.definitions,
          needsPerson: decision.needsPerson, summary: decision.summary, previous: previous)))
    for file in files { try put(Line(file: Line.File(file))) }
    for publication in publications { try put(Line(publication: publication)) }
    for (name, last) in decision.counters.sorted(by: { $0.key < $1.key }) {
      try put(Line(counter: Line.Counter(name: name, last: last)))
    }
    for digest in decision.digests { try put(Line(digest: Line.Digest(digest))) }
    for key in decision.heldRemoved { try put(Line(released: key)) }
    for document in decision.heldPut { try put(Line(held: document)) }
    for key in decision.deferredRemoved { try put(Line(gathered: key)) }
    for document in decision.deferredPut { try put(Line(deferred: document)) }
    for chunk in stride(from: 0, to: decision.rejects.count, by: 1 << 10) {
      var json = JSONText()
      for reject in decision.rejects[chunk...].prefix(1 << 10) {
        json.put("{\"reject\":")
        reject.write(to: &json)
        json.put("}\n")
      }
      digest.update(data: json.bytes)
      try sink(json.bytes)
    }
    for correction in decision.corrections { try put(Line(correction: correction)) }
    for key in decision.unpostedRemoved { try put(Line(settled: key)) }
    for document in decision.unpostedPut { try put(Line(unposted: document)) }
    for event in decision.periods { try put(Line(period: event)) }
    for standing in decision.standings { try put(Line(standing: standing)) }
    for register in decision.registers {
      try put(Line(register: Line.Register(interface: register.interface, postings: register.postings)))
      for block in register.blocks {
        var json = JSONText()
        json.put("{\"documents\":")
        block.write(to: &json)
        json.put("}\n")
        digest.update(data: json.bytes)
        try sink(json.bytes)
      }
    }
    try put(Line(end: Line.End(sha256: Array(digest.finalize()))))
  }

  private static let version = 4

  /// - Throws: `damaged`, with the number of the line that can't be read.
  package init(_ bytes: [UInt8]) throws(StateError) {
    (run, clock, files, publications, decision, previous) = (0, "", [], [], RunDecision(definitions: ""), [])
    let decoder = JSONDecoder()
    guard bytes.last == 0x0A else { throw .damaged(reason: "the record has no end") }
    let lines = bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, text) in lines.enumerated() {
      guard let line = try? decoder.decode(Line.self, from: Data(text)), add(line, isFirst: index == 0) else {
        throw .damaged(reason: "line \(index + 1) of the record can't be read")
      }
      guard index == lines.count - 1 else { continue }
      guard line.end?.sha256 == Array(SHA256.hash(data: bytes[..<text.startIndex])) else {
        throw .damaged(reason: "the lines of the record don't give the digest at its end")
      }
    }
  }

  private mutating func add(_ line: Line, isFirst: Bool) -> Bool {
    guard (line.commit != nil) == isFirst else { return false }
    if let commit = line.commit {
      guard (2...Self.version).contains(commit.version) else { return false }
      (run, clock, previous) = (commit.run, commit.clock, commit.previous)
      decision.definitions = commit.definitions
      decision.needsPerson = commit.needsPerson
      decision.summary = commit.summary
    } else if let file = line.file {
      files.append(file.value)
      if let sha256 = file.sha256 {
        decision.files.append(
          FileOutcome(sequence: file.sequence, sha256: sha256.wrappedValue, outcome: file.outcome))
      }
    } else if let publication = line.publication {
      publications.append(publication)
    } else if let counter = line.counter {
      decision.counters[counter.name] = counter.last
    } else if let digest = line.digest {
      decision.digests.append(digest.value)
    } else if let key = line.released {
      decision.heldRemoved.append(key)
    } else if let document = line.held {
      decision.heldPut.append(document)
    } else if let key = line.gathered {
      decision.deferredRemoved.append(key)
    } else if let document = line.deferred {
      decision.deferredPut.append(document)
    } else if let reject = line.reject {
      decision.rejects.append(reject)
    } else if let correction = line.correction {
      decision.corrections.append(correction)
    } else if let key = line.settled {
      decision.unpostedRemoved.append(key)
    } else if let document = line.unposted {
      decision.unpostedPut.append(document)
    } else if let event = line.period {
      decision.periods.append(event)
    } else if let standing = line.standing {
      decision.standings.append(standing)
    } else if let register = line.register {
      decision.registers.append(
        RegisterChange(interface: register.interface, postings: register.postings, blocks: []))
    } else if let documents = line.documents, let last = decision.registers.popLast() {
      decision.registers.append(
        RegisterChange(
          interface: last.interface, postings: last.postings, blocks: last.blocks + [documents.value]))
    } else {
      return line.end != nil
    }
    return true
  }
}

/// A line has one of these.
private struct Line: Codable {
  var commit: Commit?
  var file: File?
  var publication: Publication?
  var counter: Counter?
  var digest: Digest?
  var released: HeldKey?
  var held: HeldDocument?
  var gathered: HeldKey?
  var deferred: DeferredDocument?
  var reject: Reject?
  var correction: Correction?
  var settled: HeldKey?
  var unposted: Unposted?
  var period: PeriodEvent?
  var standing: VoucherStanding?
  var register: Register?
  var documents: Documents?
  var end: End?

  struct Commit: Codable {
    var version: Int
    var run: Int
    var clock: String
    var definitions: String
    var needsPerson: Bool
    var summary: String
    @RecordedBytes var previous: [UInt8]
  }

  struct File: Codable {
    var sequence: Int
    @RecordedBytes var name: [UInt8]
    var size: Int64
    var interface: String
    @RecordedBytes var archiveName: [UInt8]
    var phase: FilePhase
    var sha256: RecordedBytes?
    var outcome: String

    init(_ file: RunFile) {
      sequence = file.sequence
      name = file.name
      size = file.identity.size
      interface = file.interface
      archiveName = file.archiveName
      phase = file.phase
      sha256 = file.sha256.map { RecordedBytes(wrappedValue: $0) }
      outcome = file.outcome
    }

    var value: RunFile {
      RunFile(
        sequence: sequence, name: name, identity: FileIdentity(device: 0, inode: 0, size: size, modified: 0),
        interface: interface, archiveName: archiveName, phase: phase, sha256: sha256?.wrappedValue,
        outcome: outcome)
    }
  }

  struct Counter: Codable {
    var name: String
    var last: Int64
  }

  struct Digest: Codable {
    @RecordedBytes var sha256: [UInt8]
    var sequence: Int
    var settled: Bool
    var definitions: String

    init(_ digest: FileDigest) {
      (sha256, sequence) = (digest.sha256, digest.sequence)
      (settled, definitions) = (digest.settled, digest.definitions)
    }

    var value: FileDigest {
      FileDigest(sha256: sha256, sequence: sequence, settled: settled, definitions: definitions)
    }
  }

  struct Register: Codable {
    var interface: String
    var postings: [String]
  }

  struct End: Codable {
    @RecordedBytes var sha256: [UInt8]
  }

  /// Documents that were posted, sealed as the register keeps them.
  struct Documents: Codable {
    @RecordedBytes var firstKey: [UInt8]
    @RecordedBytes var lastKey: [UInt8]
    var count: Int
    @RecordedBytes var sealed: [UInt8]

    var value: DocumentBlock {
      DocumentBlock(firstKey: firstKey, lastKey: lastKey, count: count, payload: sealed)
    }
  }
}

extension DocumentBlock {
  /// What an encoder gives of `Line.Documents`.
  fileprivate func write(to json: inout JSONText) {
    json.put("{\"count\":")
    json.put(number: count)
    json.put(",\"firstKey\":")
    json.put(value: RecordedBytes(wrappedValue: firstKey).text)
    json.put(",\"lastKey\":")
    json.put(value: RecordedBytes(wrappedValue: lastKey).text)
    json.put(",\"sealed\":")
    json.put(value: RecordedBytes(wrappedValue: payload).text)
    json.put("}")
  }
}
