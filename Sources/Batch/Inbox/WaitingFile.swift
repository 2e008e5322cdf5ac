package import Findings
import Mapping

/// A file that a run leaves for a later one, and why. Nobody has to do anything about it.
package struct WaitingFile: Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// Somebody has it, or its companion, open for writing, or it has not been left alone for long enough.
    case written
    /// Its name says that it is not finished.
    case named
    /// The companion with this ending is not there, and its mapping asks for it, or it is no regular file.
    case sidecar(String, isAsked: Bool)
    /// The other file, with which it is taken together, is not there.
    case partner(String)
    /// It is a companion, and the file that it belongs to is not there.
    case owner
  }

  /// Path under the inbox.
  package var name: String
  package var reason: Reason

  init(_ name: [UInt8], _ reason: Reason) {
    self.name = String(decoding: name, as: UTF8.self)
    self.reason = reason
  }

  package func message(in language: Language) -> String {
    switch reason {
    case .written:
      Wording(
        en:
          "{0} is still being written, or has not been left alone for long enough; the next run looks again",
        zh: "{0} 还在写入，或放下不久，下次运行再看"
      ).text(in: language, [name])
    case .named:
      Wording(
        en: "{0} is left alone: its name says that it is not finished",
        zh: "{0} 不处理：从名字看还没有写完"
      ).text(in: language, [name])
    case .sidecar(let ending, isAsked: false):
      Wording(
        en: "{0} waits until {0}{1} is a regular file, or gone", zh: "{0} 等待：{0}{1} 不是普通文件，请换成普通文件或移走"
      ).text(in: language, [name, ending])
    case .sidecar(let ending, isAsked: true):
      Wording(
        en: "{0} waits until {0}{1} lies beside it, as its mapping asks",
        zh: "{0} 等待 {0}{1}：接口要求两个文件都到齐"
      ).text(in: language, [name, ending])
    case .partner(let other):
      Wording(
        en: "{0} waits for {1}: the two are taken together", zh: "{0} 等待 {1}：两个文件要一起处理"
      ).text(in: language, [name, other])
    case .owner:
      Wording(
        en: "{0} waits for the file that it belongs to", zh: "{0} 等待它所伴随的文件"
      ).text(in: language, [name])
    }
  }
}
