import Batch
import Findings
import Foundation

/// What is written for people: results to standard output, what is wrong and progress to standard error.
enum Terminal {
  static let errorsAreSeen = isatty(STDERR_FILENO) == 1
  static let resultsAreSeen = isatty(STDOUT_FILENO) == 1

  /// The language before a workspace says its own: that of the environment.
  static var language: Language {
    let environment = ProcessInfo.processInfo.environment
    let locale = environment["LC_ALL"] ?? environment["LC_MESSAGES"] ?? environment["LANG"] ?? ""
    return locale.hasPrefix("zh") ? .chinese : .english
  }

  /// Who has given the command.
  static var person: String {
    let environment = ProcessInfo.processInfo.environment
    return environment["SUDO_USER"] ?? environment["USER"] ?? "uid \(getuid())"
  }

  static func say(_ line: String) { print(line.printable) }

  static func complain(_ line: String) {
    clearProgress()
    tell("tallyman: " + line.printable + "\n")
  }

  static func show(_ findings: [Finding], in language: Language) {
    clearProgress()
    for finding in findings {
      tell(finding.text(in: language) + "\n")
    }
  }

  /// One line that is overwritten; nothing where nobody looks.
  static func progress(_ line: String) {
    guard errorsAreSeen else { return }
    tell("\r\u{1B}[2K" + line.printable)
  }

  static func clearProgress() {
    guard errorsAreSeen else { return }
    tell("\r\u{1B}[2K")
  }

  /// What can't be said (a full disk behind cron's redirection) changes nothing of what was done.
  private static func tell(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
