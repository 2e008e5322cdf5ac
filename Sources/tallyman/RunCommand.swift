import ArgumentParser
import Batch
import Dispatch
import Findings
import Foundation
import Synchronization

/// Whether somebody has asked the run to stop.
private let stopped = Atomic<Bool>(false)

struct RunCommand: WorkspaceCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Takes what lies in the inbox, posts it, and writes vouchers and the reconciliation log.",
    discussion: "Made for cron: quiet, line by line, and safe to be called again after anything.")

  @OptionGroup var workspace: WorkspaceOption

  @Option(name: .long, help: "The run's time, for tests: ISO 8601 with offset; its own date is the run's.")
  var clock: String?

  func run() throws {
    let clock = try RunClock.option(clock)
    if let failure = SystemFailure.ofTooFewDescriptors { throw WorldError.system(failure) }
    let signals = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { stopped.store(true, ordering: .relaxed) }
      source.resume()
      return source
    }
    defer { for source in signals { source.cancel() } }
    let pipeline = Pipeline(
      workspace.value, clock: clock,
      progress: { file, rows, _ in
        if rows > 0 { Terminal.progress("\(file): \(rows)") }
      }, shouldStop: { stopped.load(ordering: .relaxed) })
    let outcome = try pipeline.run()
    Terminal.clearProgress()
    RunSummaryText(outcome, workspace: workspace.value).show()
    if outcome.exitCode != 0 { throw ExitCode(outcome.exitCode) }
  }
}

extension RunClock {
  /// The time that a command is told, or that the environment tells, or the real one.
  static func option(_ text: String?) throws -> RunClock {
    let fixed = text ?? ProcessInfo.processInfo.environment["TALLYMAN_CLOCK"]
    guard let clock = fixed.map({ RunClock(fixed: $0) }) ?? RunClock() else {
      throw ValidationError("--clock wants ISO 8601 with an offset, such as 2026-03-21T06:00:00+08:00")
    }
    return clock
  }
}
