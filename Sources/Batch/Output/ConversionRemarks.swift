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
    for (place, part) in interface.parts.enumerated() {
      for (key, postings) in interface.completed(in: place) { add(key, .completed, postings) }
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
  /// Documents of a part to which a later file of the run added what was missing, as they were until then.
  fileprivate func completed(in place: Int) -> [(key: [UInt8], postings: [Correction.Posting])] {
    guard !past.successors.isEmpty else { return [] }
    let store = parts[place].file.posted.store
    return store.documents.indices.compactMap { index in
      let own = Int(past.indices[place][index])
      guard store.documents[index].verdict == .posted, past.successors[own] != nil else { return nil }
      var postings: [Correction.Posting] = []
      for posting in compiled.postings.indices {
        let code = compiled.postings[posting].code
        guard let content = past.posted.hash(posting: past.slot(of: posting), of: own),
          !postings.contains(where: { $0.code == code })
        else { continue }
        postings.append(Correction.Posting(code: code, content: content, voucher: "", red: "", black: ""))
      }
      return (Array(store.key(index)), postings)
    }
  }
}

extension Correction {
  /// Whether nothing was taken back.
  var isRemark: Bool { postings.isEmpty || cause == .completed }
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
