import Foundation

/// What a finished run leaves behind.
struct Snapshot: Equatable {
  var files: [String: Data]
  var state: String

  static func files(under root: String, in folders: [String]) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for folder in folders where FileManager.default.fileExists(atPath: root + "/" + folder) {
      for path in try FileManager.default.subpathsOfDirectory(atPath: root + "/" + folder) {
        let name = folder + "/" + path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder),
          !isFolder.boolValue
        else { continue }
        files[name] = try Data(contentsOf: URL(filePath: root + "/" + name))
      }
    }
    return files
  }

  /// The first thing in which the two differ, in words; `nil` when nothing.
  func difference(from whole: Snapshot) -> String? {
    for name in Set(files.keys).union(whole.files.keys).sorted() where files[name] != whole.files[name] {
      if files[name] == nil { return "\(name) is missing" }
      if whole.files[name] == nil { return "\(name) is too much" }
      return "\(name) differs"
    }
    guard state != whole.state else { return nil }
    let pairs = zip(state.split(separator: "\n"), whole.state.split(separator: "\n"))
    let pair = pairs.first { $0 != $1 }
    return "the state differs: \(pair?.0 ?? "") is not \(pair?.1 ?? "")"
  }

  /// An entry that is published more often here than there; its voucher's ID is left out, since that would be new.
  func doubledEntry(beyond whole: Snapshot) -> String? {
    let (own, other) = (entries, whole.entries)
    return own.keys.sorted().first { own[$0, default: 0] > other[$0, default: 0] }
  }

  /// The lines of all voucher files in the outbox, without their first column, and how often each is there.
  var entries: [String: Int] {
    voucherLines.reduce(into: [:]) { counts, line in
      counts[String(line[(line.firstIndex(of: ",") ?? line.startIndex)...]), default: 0] += 1
    }
  }

  /// The lines of all voucher files in the outbox, in order of the files' names.
  var voucherLines: [Substring] {
    files.sorted { $0.key < $1.key }.flatMap { name, bytes -> [Substring] in
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      guard name.hasPrefix("outbox/"), lines.first?.hasPrefix("id,date,number,") == true else { return [] }
      return Array(lines.dropFirst())
    }
  }

  /// What was posted to an account.
  struct Balance: Equatable {
    var debit = Decimal(0)
    var credit = Decimal(0)
    var absolute = Decimal(0)
  }

  /// By account, over all voucher files.
  var balances: [String: Balance] {
    voucherLines.reduce(into: [:]) { balances, line in
      // From the end, since a memo before the account can hold commas.
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard let account = fields.lastIndex(where: { $0.count == 4 && Int($0) != nil }),
        account + 2 < fields.count
      else { return }
      let amounts = fields[(account + 1)...(account + 2)].map { Decimal(string: String($0)) ?? 0 }
      balances[String(fields[account]), default: Balance()].debit += amounts[0]
      balances[String(fields[account]), default: Balance()].credit += amounts[1]
      balances[String(fields[account]), default: Balance()].absolute += abs(amounts[0]) + abs(amounts[1])
    }
  }
}
