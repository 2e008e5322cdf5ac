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
    func add(_ key: [UInt8], _ cause: Correction.Cause) {
      guard known.insert(key).inserted else { return }
      remarks.append(Correction(interface: name, key: key, run: run, cause: cause, postings: []))
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

extension Correction {
  /// Whether nothing was taken back.
  var isRemark: Bool { postings.isEmpty }
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
