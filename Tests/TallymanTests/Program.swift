import Foundation
import Glibc
import Testing

/// Runs programs as a shell would, with an environment of their own.
struct Program {
  var path: String

  struct Result {
    var exitCode: Int32
    var output: String
    var errors: String
  }

  /// The `tallyman` that was built together with these tests: beside the test bundle, or in a folder above it.
  static let tallyman: Program = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    for place in [own] + CommandLine.arguments where place.hasPrefix("/") {
      var folder = (place as NSString).deletingLastPathComponent
      while folder.count > 1 {
        if isProgram(folder + "/tallyman") { return Program(path: folder + "/tallyman") }
        folder = (folder as NSString).deletingLastPathComponent
      }
    }
    return Program(path: "/tallyman is not beside the tests: build it first")
  }()

  private static func isProgram(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && !isFolder.boolValue && FileManager.default.isExecutableFile(atPath: path)
  }

  @discardableResult
  func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Result {
    let process = try start(arguments, in: folder, environment: environment)
    process.waitUntilExit()
    let captured = process.captured
    defer { captured.remove() }
    return Result(
      exitCode: process.exitCode, output: try captured.text("out"), errors: try captured.text("err"))
  }

  /// Starts the program and comes back while it runs.
  func start(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Running {
    let captured = Captured()
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    var variables = ["LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"]
    for name in ["LD_LIBRARY_PATH", "HOME", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
      variables[name] = ProcessInfo.processInfo.environment[name]
    }
    process.environment = variables.merging(environment) { _, given in given }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try captured.handle("out")
    process.standardError = try captured.handle("err")
    try process.run()
    return Running(process: process, captured: captured)
  }

  struct Running {
    fileprivate let process: Process
    fileprivate let captured: Captured

    func waitUntilExit() { process.waitUntilExit() }

    /// Ends it, where it still runs, and throws away what it has written.
    func end() {
      // Not SIGTERM: what a test's thread starts has it blocked.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      captured.remove()
    }

    fileprivate var exitCode: Int32 {
      process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }
  }
}

/// What a program writes goes into files, so that no pipe can fill up.
private struct Captured {
  private let path = NSTemporaryDirectory() + "/tallyman-output-" + UUID().uuidString + "."

  func handle(_ stream: String) throws -> FileHandle {
    try Data().write(to: URL(filePath: path + stream))
    return try FileHandle(forWritingTo: URL(filePath: path + stream))
  }

  func text(_ stream: String) throws -> String { try String(contentsOfFile: path + stream, encoding: .utf8) }

  func remove() {
    for stream in ["out", "err"] { try? FileManager.default.removeItem(atPath: path + stream) }
  }
}
