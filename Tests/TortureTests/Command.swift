import Foundation

/// A program that was run to its end.
struct Command {
  /// Exit code, or 128 and the signal that ended it.
  var status: Int32
  /// What it said, on both of its outputs.
  var said: String
  /// It had to be killed because it came to no end.
  var hung = false

  var wasKilled: Bool { status >= 128 }

  init(_ program: String, _ arguments: [String], output: String, environment: [String: String] = [:]) throws {
    self = try Running(program, arguments, output: output, environment: environment).wait()
  }

  init(status: Int32, said: String, hung: Bool) {
    self.status = status
    self.said = said
    self.hung = hung
  }

  /// The program under test: the one that the environment names, or the one beside the bundle that this code is in.
  static let tallyman: String = {
    if let other = ProcessInfo.processInfo.environment["TALLYMAN_UNDER_TEST"] { return other }
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: bundle ?? "").deletingLastPathComponent().appending(path: "tallyman").path
  }()

  /// Runs one of the system's programs for what it does.
  static func system(_ program: String, _ arguments: [String]) throws {
    let output = NSTemporaryDirectory() + "/tallyman-torture-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: output) }
    let command = try Command(program, arguments, output: output)
    guard command.status == 0 else {
      throw Unexpected(what: "\(program) \(arguments): \(command.status): \(command.said)")
    }
  }

  static let strace = "/usr/bin/strace"
}

/// A program at work.
final class Running {
  private let process = Process()
  private let output: String

  /// - Parameter output: path of the file that gets what the program says.
  init(_ program: String, _ arguments: [String], output: String, environment: [String: String] = [:]) throws {
    self.output = output
    try Data().write(to: URL(filePath: output))
    let handle = try FileHandle(forWritingTo: URL(filePath: output))
    defer { try? handle.close() }
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
  }

  /// - Parameter limit: seconds after which the program, or what it traces, is killed.
  func wait(limit: Int = 30) -> Command {
    let deadline = ContinuousClock.now + .seconds(limit)
    var hung = false
    while process.isRunning {
      usleep(2000)
      if ContinuousClock.now > deadline {
        hung = true
        killTree(process.processIdentifier)
      }
    }
    let said = (try? Data(contentsOf: URL(filePath: output))).map { String(decoding: $0, as: UTF8.self) }
    let status = process.terminationStatus
    return Command(
      status: process.terminationReason == .exit ? status : 128 + status, said: said ?? "", hung: hung)
  }

  /// From outside, as the system does when memory is short.
  func kill() { _ = Glibc.kill(process.processIdentifier, SIGKILL) }

  var isRunning: Bool { process.isRunning }

  /// The children first: what strace lets go of would live on.
  private func killTree(_ id: Int32) {
    let path = "/proc/\(id)/task/\(id)/children"
    let children =
      (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for child in children.split(separator: " ").compactMap({ Int32($0) }) { killTree(child) }
    _ = Glibc.kill(id, SIGKILL)
  }
}
