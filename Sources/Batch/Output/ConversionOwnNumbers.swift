import Findings
import Ledger
import Mapping
import Posting

/// The counters of a series of own numbers: those of a book, period and voucher type.
struct NumberSeries: Hashable, Comparable {
  /// The book's code.
  var book: String
  var period: Period
  /// 凭证字.
  var type: String

  /// Of the last number: `A/2026-03/记`.
  var counter: String { "\(book)/\(period)/\(type)" }
  /// Of the date that the last number has, as `Day.number`.
  var dateCounter: String { counter + "/date" }

  static func < (left: Self, right: Self) -> Bool {
    (left.book, left.period, left.type) < (right.book, right.period, right.type)
  }
}

extension Conversion.Result {
  /// Gives the vouchers of books with `number: own` their 凭证号: without gaps in book, period and type, in order of date. One
  /// that is dated before the last number of its series takes the date of that (制单序时), which the period has too.
  ///
  /// - Parameter counters: last numbers and dates by series; moved on.
  mutating func numberOwn(_ counters: inout [String: Int64]) {
    struct Place {
      var date: Day
      var isRed: Bool
      var posting: Int32
      var interface: Int
      var voucher: Int
    }
    var series: [NumberSeries: [Place]] = [:]
    for (index, interface) in interfaces.enumerated() {
      let compiled = interface.compiled
      guard compiled.books.contains(where: { $0.number == .own }) else { continue }
      for (at, voucher) in interface.vouchers.batch.vouchers.enumerated() {
        let posting = compiled.postings[Int(voucher.posting)]
        let book = compiled.books[posting.book]
        guard book.number == .own else { continue }
        let own = NumberSeries(
          book: book.book.code, period: voucher.date.period, type: posting.type ?? book.book.voucherType)
        series[own, default: []].append(
          Place(
            date: voucher.date, isRed: voucher.reverses != 0, posting: voucher.posting, interface: index,
            voucher: at))
      }
    }
    for (own, places) in series.sorted(by: { $0.key < $1.key }) {
      var number = counters[own.counter, default: 0]
      var date = counters[own.dateCounter].map { Day(number: Int32($0)) } ?? own.period.firstDay
      let first = date
      // Of one day, also of one that dates are raised to, the interfaces follow each other, and in each its postings; of
      // these, red ones come first.
      func order(_ place: Place) -> (Day, Int, Int32, Int, Day, Int) {
        (
          max(first, place.date), place.interface, place.posting, place.isRed ? 0 : 1, place.date,
          place.voucher
        )
      }
      for place in places.sorted(by: { order($0) < order($1) }) {
        number += 1
        date = max(date, place.date)
        interfaces[place.interface].vouchers.batch.number(place.voucher, asOwn: number, of: date)
        if date > place.date { tellRaised(place.interface, place.voucher, from: place.date, to: date) }
      }
      (counters[own.counter], counters[own.dateCounter]) = (number, Int64(date.number))
    }
  }

  /// Tells it of the voucher's first document.
  private mutating func tellRaised(_ interface: Int, _ voucher: Int, from before: Day, to date: Day) {
    guard let first = interfaces[interface].vouchers.drafts(ofVoucher: voucher).first else { return }
    let head = interfaces[interface].vouchers.batch.vouchers[voucher]
    let prefix = interfaces[interface].compiled.idPrefix(posting: Int(head.posting))
    let finding = Finding(
      .voucherDateRaised, .note, at: Place(file: ""),
      [voucherID(prefix: prefix, number: head.number), before.description, date.description])
    interfaces[interface].parts[Int(first.file)].file.tell(finding, draft: Int(first.draft))
  }
}
