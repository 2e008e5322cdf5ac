import Ledger

/// An exact amount with thousands separators, as accountants print it: `-1,234.50`.
func printed(_ units: Int128, scale: Int) -> String {
  let plain = Decimal(units: units, scale: scale).description
  let sign = plain.hasPrefix("-") ? "-" : ""
  let parts = plain.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
  var whole = ""
  for (offset, digit) in parts[0].enumerated() {
    if offset > 0, (parts[0].count - offset) % 3 == 0 { whole.append(",") }
    whole.append(digit)
  }
  return sign + whole + (parts.count > 1 ? "." + parts[1] : "")
}

/// The same for a decimal of any scale.
func printed(_ amount: Decimal) -> String { printed(amount.units, scale: amount.scale) }

/// An amount of a book, without separators, for programs.
func plainAmount(_ units: Int128) -> String { Decimal(units: units, scale: Entry.amountScale).description }
