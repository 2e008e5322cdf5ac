package import Findings
package import Ledger

/// Holds candidate vouchers against a profile's contract and encoding, before verdicts are final.
package struct ContractCheck: ~Copyable {
  private let profile: Profile
  private let batch: VoucherBatch
  private var renderer: Renderer
  private let transcoder: Transcoder
  private let dimensions: Dimensions
  private let voucherRules: [Int]
  private let entryRules: [Int]
  /// By rule, then key of what its cell depends on: 0 not yet looked at, 1 fine, else 2 + kind of breach.
  private var known: [[UInt8]]
  private var value = ByteBuffer()
  private var encoded = ByteBuffer()

  package init(profile: Profile, batch: VoucherBatch, context: VoucherContext) {
    self.profile = profile
    self.batch = batch
    renderer = Renderer(profile: profile, batch: batch, context: context)
    renderer.scene.voucherNumber = 1
    transcoder = renderer.transcoder
    dimensions = context.dimensions
    func dependence(_ rule: Int) -> Dependence { profile.layout.cells[profile.rules[rule].cell].dependence }
    voucherRules = profile.rules.indices.filter { [.file, .voucher].contains(dependence($0)) }
    entryRules = profile.rules.indices.filter { ![.file, .voucher].contains(dependence($0)) }
    known = profile.rules.indices.map { rule in
      let keys =
        switch dependence(rule) {
        case .account: context.book.chart.accounts.count
        case .dimensions: context.dimensions.setCount
        case .unit: context.dimensions.codes.count + 1
        case .detail: context.dimensions.detailCount
        case .file: 1
        case .voucher, .memo, .entry: 0
        }
      return Array(repeating: 0, count: keys)
    }
  }

  /// All breaches of the vouchers with these indices: for each voucher, rule and entry the first one.
  package mutating func breaches(of selection: [Int]) -> [Breach] {
    guard !profile.rules.isEmpty else { return [] }
    var breaches: [Breach] = []
    for index in selection { check(voucher: index, &breaches) }
    return breaches
  }

  private mutating func check(voucher index: Int, _ breaches: inout [Breach]) {
    let voucher = batch.vouchers[index]
    stand(at: voucher)
    for rule in voucherRules {
      let kind = dependence(rule) == .file ? remembered(rule, key: 0) : breach(rule)
      if let kind { breaches.append(Breach(voucher: index, entry: nil, rule: rule, kind: kind)) }
    }
    guard !entryRules.isEmpty else { return }
    if profile.listsDocuments { return checkDocuments(of: index, &breaches) }
    var knowsVoucherMemo = false
    for at in voucher.entries {
      stand(at: at, in: voucher)
      let hasOwnMemo = dimensions.detail(batch.entry(at, of: voucher).detail).memo >= 0
      for rule in entryRules {
        if dependence(rule) == .memo, !hasOwnMemo {
          if !knowsVoucherMemo, let kind = breach(rule) {
            breaches.append(Breach(voucher: index, entry: nil, rule: rule, kind: kind))
          }
          continue
        }
        let key = dependence(rule).key(renderer.scene.entry)
        if let kind = key.map({ remembered(rule, key: $0) }) ?? breach(rule) {
          breaches.append(Breach(voucher: index, entry: at, rule: rule, kind: kind))
        }
      }
      if !hasOwnMemo { knowsVoucherMemo = true }
    }
  }

  private mutating func checkDocuments(of voucher: Int, _ breaches: inout [Breach]) {
    for document in batch.vouchers[voucher].documents {
      renderer.scene.document = batch.documents[document]
      for rule in entryRules {
        if let kind = breach(rule) {
          breaches.append(Breach(voucher: voucher, entry: nil, document: document, rule: rule, kind: kind))
        }
      }
    }
  }

  private func dependence(_ rule: Int) -> Dependence {
    profile.layout.cells[profile.rules[rule].cell].dependence
  }

  private mutating func stand(at voucher: Voucher) {
    if voucher.date != renderer.scene.voucher.date || renderer.scene.period.isEmpty {
      renderer.scene.period = Array(voucher.date.period.description.utf8)
    }
    renderer.scene.voucher = voucher
    renderer.scene.entry = Entry(account: 0, side: .debit, amount: 0)
  }

  private mutating func stand(at entry: Int, in voucher: Voucher) {
    renderer.scene.entry = batch.entry(entry, of: voucher)
    renderer.scene.line = entry - voucher.entries.lowerBound + 1
  }

  private mutating func remembered(_ rule: Int, key: Int) -> Breach.Kind? {
    if known[rule][key] == 0 { known[rule][key] = breach(rule).map { $0.rawValue + 2 } ?? 1 }
    return known[rule][key] == 1 ? nil : Breach.Kind(rawValue: known[rule][key] - 2)
  }

  private mutating func breach(_ index: Int) -> Breach.Kind? {
    let rule = profile.rules[index]
    render(rule)
    if value.isEmpty { return rule.required ? .missing : nil }
    if let number = rule.number, let (units, scale) = renderer.scene.number(number, decimals: rule.decimals) {
      let amount = Decimal(units: units, scale: scale)
      if let lowest = rule.lowest, amount < lowest { return .outOfRange }
      if let highest = rule.highest, amount > highest { return .outOfRange }
    }
    if profile.tree != nil, String(decoding: value.bytes(), as: UTF8.self).unwritableInXML != nil {
      return .unwritable
    }
    if !transcoder.surelyWrites(value.bytes(), most: rule.bytesMax) {
      encoded.removeAll()
      // What an encoding lacks is a reference in XML.
      if transcoder.append(value.bytes(), to: &encoded) != nil, profile.tree == nil {
        guard profile.missingCharacter != nil else { return .unwritable }
        if rule.bytesMax.map({ encoded.count > $0 && !rule.cuts }) != true { return .replaced }
      }
      if let most = rule.bytesMax, encoded.count > most { return rule.cuts ? .cut : .tooLong }
    }
    return firstForbidden(rule) == nil ? nil : .forbidden
  }

  private mutating func render(_ rule: ContractRule) {
    value.removeAll()
    renderer.appendValue(profile.layout.cells[rule.cell], to: &value)
  }

  private func firstForbidden(_ rule: ContractRule) -> String? {
    guard !rule.forbidden.isEmpty else { return nil }
    let value = value.bytes()
    return rule.forbidden.first { text in
      let sought = Array(text.utf8)
      guard let first = sought.first, value.count >= sought.count else { return false }
      return value.indices.dropLast(sought.count - 1).contains {
        value[$0] == first && value[$0..<$0 + sought.count].elementsEqual(sought)
      }
    }
  }

  /// A breach in words. Its place is the contract's own line; the source rows are known to the caller only.
  package mutating func finding(of breach: Breach) -> Finding {
    let rule = profile.rules[breach.rule]
    let voucher = batch.vouchers[breach.voucher]
    stand(at: voucher)
    if let entry = breach.entry { stand(at: entry, in: voucher) }
    renderer.scene.document = breach.document.map { batch.documents[$0] }
    return finding(of: rule, breach.kind)
  }

  /// What is wrong with a new code, or was mended: the first of it for each rule.
  package mutating func findings(of code: NewCode) -> [Finding] {
    renderer.scene.code = code
    return profile.rules.indices.compactMap { rule in
      breach(rule).map { finding(of: profile.rules[rule], $0) }
    }
  }

  private mutating func finding(of rule: ContractRule, _ kind: Breach.Kind) -> Finding {
    render(rule)
    let text = String(decoding: value.bytes(), as: UTF8.self)
    var place = rule.label.place
    place.field = rule.label.text
    if kind == .cut {
      return Finding(
        .valueCut, .warning, at: place,
        [profile.name, rule.label.text, text, String(rule.bytesMax ?? 0)], excerpt: text)
    }
    if kind == .unwritable || kind == .replaced {
      encoded.removeAll()
      let missing = transcoder.append(value.bytes(), to: &encoded)
      let arguments = [profile.name, rule.label.text, missing.map(named) ?? "", profile.encoding.rawValue]
      guard let instead = profile.missingCharacter, kind == .replaced else {
        return Finding(.characterUnwritable, .reject, at: place, arguments, excerpt: text)
      }
      return Finding(
        .characterReplaced, .warning, at: place, arguments + [String(decoding: instead, as: UTF8.self)],
        excerpt: text)
    }
    return Finding(
      .contractBreach, .reject, at: place, [profile.name, rule.label.text, text, broken(rule, kind)],
      excerpt: text)
  }

  private func broken(_ rule: ContractRule, _ kind: Breach.Kind) -> String {
    switch kind {
    case .missing: "required"
    case .tooLong: "bytes_max \(rule.bytesMax ?? 0)"
    case .forbidden: "forbidden \"\(firstForbidden(rule)?.printable ?? "")\""
    case .outOfRange:
      "range \(rule.lowest?.description ?? "")…\(rule.highest?.description ?? "")"
    case .unwritable, .cut, .replaced: profile.encoding.rawValue
    }
  }
}

private func named(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return "\(scalar) U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

extension Dependence {
  /// The small number that what is rendered depends on alone, or `nil` where that is more than a number of the entry.
  fileprivate func key(_ entry: Entry) -> Int? {
    switch self {
    case .account: Int(entry.account)
    case .dimensions: Int(entry.dimensions)
    case .unit: Int(entry.unit) + 1
    case .detail: Int(entry.detail)
    case .file, .voucher, .memo, .entry: nil
    }
  }
}
