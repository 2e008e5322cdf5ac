import Findings
import Mapping
import Posting
import State

extension ConversionOutput {
  /// What happened to documents without any voucher of theirs being taken back, as corrections of nothing, so that it can be
  /// told later: one that waited and is gone from a full snapshot, the first time that a posted one is gone or not approved
  /// any more, and its vouchers stand, and that one came void of which nothing stood any more.
  /// - Parameter others: the run's other corrections of the interface.
  func remarks(
    _ interface: Conversion.InterfaceResult, beside others: [Correction]
  ) throws -> [Correction] {
    let name = interface.compiled.interface.name
    var known = Set(others.map(\.key))
    var remarks: [Correction] = []
    func add(_ key: [UInt8], _ cause: Correction.Cause, _ postings: [Correction.Posting] = []) {
      guard known.insert(key).inserted else { return }
      remarks.append(Correction(interface: name, key: key, run: run, cause: cause, postings: postings))
    }
    for (key, postings) in interface.completed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      add(key, .completed, postings)
    }
    for part in interface.parts {
      for key in part.file.lacks.held
        + part.file.lacks.unposted.sorted(by: { $0.lexicographicallyPrecedes($1) })
      {
        add(key, .missing)
      }
      for item in part.file.findings.items where item.severity == .warning {
        guard let cause = item.code.causeOfRemark else { continue }
        let key = Array(part.file.posted.store.key(Int(item.document)))
        let last = try interface.past.state.corrections(name, key: key).first
        if last?.isRemark != true || last?.cause != cause { add(key, cause) }
      }
      let store = part.file.posted.store
      for (index, document) in store.documents.enumerated()
      where document.isVoid && document.verdict == .ignored && document.takenBack == 0 {
        let key = Array(store.key(index))
        guard try interface.past.correctedBefore().contains(key) else { continue }
        if try interface.past.state.corrections(name, key: key).first?.cause != .void { add(key, .void) }
      }
    }
    return remarks
  }
}

extension Conversion.InterfaceResult {
  /// Documents of which a later file of the run brought what was missing, or other content of what still waited: as they were until
  /// then, one version behind another.
  var completed: [[UInt8]: [Correction.Posting]] {
    guard !past.successors.isEmpty else { return [:] }
    var versions: [[UInt8]: [Correction.Posting]] = [:]
    for (place, part) in parts.enumerated() {
      let store = part.file.posted.store
      for index in store.documents.indices where store.documents[index].verdict == .posted {
        let own = Int(past.indices[place][index])
        guard past.successors[own] != nil else { continue }
        var codes: Set<String> = []
        for posting in compiled.postings.indices {
          guard let content = past.posted.hash(posting: past.slot(of: posting), of: own),
            case let code = compiled.postings[posting].code, codes.insert(code).inserted
          else { continue }
          versions[Array(store.key(index)), default: []].append(
            Correction.Posting(code: code, content: content, voucher: "", red: "", black: ""))
        }
      }
    }
    return versions
  }
}

extension Correction {
  /// Whether nothing was taken back.
  var isRemark: Bool { postings.isEmpty || cause == .completed }

  /// What the document was before the run, and then what it was for as long as later files of the run had not completed it.
  var versions: [[Posting]] {
    var versions: [[Posting]] = [[]]
    for posting in postings {
      if versions[versions.count - 1].contains(where: { $0.code == posting.code }) { versions.append([]) }
      versions[versions.count - 1].append(posting)
    }
    return versions
  }
}

extension FindingCode {
  fileprivate var causeOfRemark: Correction.Cause? {
    switch self {
    case .documentMissing: .missing
    case .documentWithdrawn: .withdrawn
    default: nil
    }
  }
}
