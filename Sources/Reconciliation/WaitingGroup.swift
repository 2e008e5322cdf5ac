package import Ledger

/// Documents that wait, for one cause: held (挂起), sent back and not mended yet (退回), or pending (待入账).
package struct WaitingGroup: Sendable, Hashable {
  /// `held`, `rejected` or `pending`.
  package var bucket: Bucket
  package var interface: String
  package var code: String
  /// Table and key of a code that is missing, where that is the cause.
  package var missing: MissingCode?
  /// In the workspace's language; of rejects, which differ in their values, the first one's.
  package var cause: String
  package var documents: Int
  package var rows: Int
  /// The interface's first measure, and what the documents add to it; `nil` where it has none.
  package var measure: String?
  package var amount: Decimal?
  /// The run that first held or rejected one of them, its day, and how many days ago that is.
  package var sinceRun: Int
  package var since: String
  package var days: Int
  /// Key of the first of them, and the file that it came in.
  package var example: String
  package var file: String

  package struct MissingCode: Sendable, Hashable {
    package var table: String
    package var key: String

    package init(table: String, key: String) {
      self.table = table
      self.key = key
    }
  }

  package init(
    bucket: Bucket, interface: String, code: String, missing: MissingCode?, cause: String, measure: String?,
    sinceRun: Int, since: String, days: Int, example: String, file: String
  ) {
    self.bucket = bucket
    self.interface = interface
    self.code = code
    self.missing = missing
    self.cause = cause
    (documents, rows, amount) = (0, 0, nil)
    self.measure = measure
    self.sinceRun = sinceRun
    self.since = since
    self.days = days
    self.example = example
    self.file = file
  }

  /// `gross 482,113.50`: the measure and its amount, as accountants print it.
  package var amountText: String { amount.map { "\(measure ?? "") \(printed($0))" } ?? "" }

  /// One JSON object, as the log has it.
  package func json(run: Int64? = nil) -> String { object(run).text }

  func object(_ run: Int64?) -> JSONObject {
    var object = JSONObject()
    object.set("kind", "waiting")
    if let run { object.set("run", Int(run)) }
    object.set("verdict", bucket.name)
    object.set("interface", interface)
    object.set("code", code)
    object.set("table", missing?.table)
    object.set("key", missing?.key)
    object.set("cause", cause)
    object.set("documents", documents)
    object.set("rows", rows)
    object.set("measure", measure)
    object.set("amount", amount?.description)
    object.set("since_run", sinceRun)
    object.set("since", since)
    object.set("days", days)
    object.set("example", example)
    object.set("file", file)
    return object
  }
}
