internal import Foundation

/// A rejected document (退回): sent back to the operator, and remembered until its key is judged otherwise.
package struct Reject: Sendable, Hashable, Codable {
  /// `A-XS-RJ-00000001`: stays with the document however often it comes back unmended.
  package var number: String
  package var interface: String
  /// Empty where the key could not be read.
  @RecordedBytes package var key: [UInt8]
  package var sinceRun: Int
  package var lastRun: Int
  /// Path under the inbox of the file that brought it last, and the line of its first row there.
  @RecordedBytes package var fileName: [UInt8]
  package var line: Int
  package var rows: Int
  /// Name under the outbox of the file in which it went back last.
  package var rejectFile: String
  package var cause: RejectCause
  /// JSON: what the document adds to each measure, as far as it could be read.
  package var amounts: String
  package var closed: Closing?

  /// What ended a reject: its document was posted, or has another verdict, by which it is known from then on.
  package struct Closing: Sendable, Hashable, Codable {
    package var run: Int
    package var verdict: Verdict

    package enum Verdict: String, Sendable, Hashable, Codable { case posted, held, repeated, ignored }

    package init(run: Int, verdict: Verdict) {
      self.run = run
      self.verdict = verdict
    }
  }

  package init(
    number: String, interface: String, key: [UInt8], sinceRun: Int, lastRun: Int, fileName: [UInt8],
    line: Int,
    rows: Int, rejectFile: String, cause: RejectCause, amounts: String, closed: Closing? = nil
  ) {
    self.number = number
    self.interface = interface
    self.key = key
    self.sinceRun = sinceRun
    self.lastRun = lastRun
    self.fileName = fileName
    self.line = line
    self.rows = rows
    self.rejectFile = rejectFile
    self.cause = cause
    self.amounts = amounts
    self.closed = closed
  }
}

/// The worst finding of a rejected document, so that it can be said in any language later.
package struct RejectCause: Sendable, Hashable, Codable {
  package var code: String
  package var arguments: [String]
  /// Caption of the column, or empty.
  package var field: String

  package init(code: String, arguments: [String], field: String) {
    self.code = code
    self.arguments = arguments
    self.field = field
  }
}

extension Reject {
  var causeText: String {
    var json = JSONText()
    cause.write(to: &json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  /// What `encode(to:)` gives, its keys in order.
  func write(to json: inout JSONText) {
    json.put("{\"amounts\":")
    json.put(value: amounts)
    json.put(",\"cause\":")
    cause.write(to: &json)
    if let closed {
      json.put(",\"closed\":{\"run\":")
      json.put(number: closed.run)
      json.put(",\"verdict\":")
      json.put(value: closed.verdict.rawValue)
      json.put("}")
    }
    json.put(",\"fileName\":")
    json.put(value: _fileName.text)
    json.put(",\"interface\":")
    json.put(value: interface)
    json.put(",\"key\":")
    json.put(value: _key.text)
    json.put(",\"lastRun\":")
    json.put(number: lastRun)
    json.put(",\"line\":")
    json.put(number: line)
    json.put(",\"number\":")
    json.put(value: number)
    json.put(",\"rejectFile\":")
    json.put(value: rejectFile)
    json.put(",\"rows\":")
    json.put(number: rows)
    json.put(",\"sinceRun\":")
    json.put(number: sinceRun)
    json.put("}")
  }

  static func cause(from text: String) throws -> RejectCause {
    do { return try JSONDecoder().decode(RejectCause.self, from: Data(text.utf8)) } catch {
      throw StateError.damaged(reason: "reject.cause")
    }
  }
}

extension RejectCause {
  /// What `encode(to:)` gives, its keys in order.
  func write(to json: inout JSONText) {
    json.put("{\"arguments\":")
    json.put(values: arguments)
    json.put(",\"code\":")
    json.put(value: code)
    json.put(",\"field\":")
    json.put(value: field)
    json.put("}")
  }
}
