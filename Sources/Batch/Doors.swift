import Ledger
import Mapping
import Posting
import Readers

/// The doors between the stages of the middle. Every run leaves them open; a test stands in one of them and loses
/// something, to see that the books of the run do not tie then.
struct Doors: Sendable {
  /// Reader → fields.
  var records: @Sendable (inout RecordBatch) -> Void = { _ in }
  /// Fields → documents.
  var fields: @Sendable (inout RecordBatch) -> Void = { _ in }
  /// Documents → postings: for each new document its records.
  var documents: @Sendable (inout [Range<Int>]) -> Void = { _ in }
  /// Postings → vouchers.
  var drafts: @Sendable (inout [PostedFile]) -> Void = { _ in }
  /// Vouchers → writer.
  var vouchers: @Sendable (inout VoucherBatch) -> Void = { _ in }
}
