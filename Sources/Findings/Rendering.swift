extension Finding {
  /// What a code that was written down says, in one sentence; the code itself, where this version has no such code.
  public static func message(ofCode code: String, _ arguments: [String], in language: Language) -> String {
    FindingCode(rawValue: code).map {
      Finding($0, .hold, at: Place(file: ""), arguments).message(in: language)
    } ?? code
  }

  /// What is wrong, in one sentence.
  public func message(in language: Language) -> String {
    if code == .fileUnrecognised, arguments.first?.isEmpty ?? true {
      return Wording(en: "no interface takes this file", zh: "没有接口认得这个文件").text(in: language)
    }
    if code == .fileUnrecognised, arguments.count > 1, arguments[1].isEmpty {
      return Self.nearestInterface(named: arguments.count == 2).text(in: language, arguments)
    }
    return code.message.text(in: language, shownArguments(in: language))
  }

  /// What to do about it: the nearest valid name where there is one.
  public func remedy(in language: Language) -> String {
    if code == .checkFailed { return Self.afterCheck(severity).text(in: language) }
    let remedy = code.remedy.text(in: language, shownArguments(in: language))
    if let index = code.nearestArgument, index < arguments.count, !arguments[index].isEmpty {
      return Self.suggestion.text(in: language, [arguments[index]])
    }
    if code == .badValue, arguments.count == 2 {
      // Where the allowed values are listed one by one, one of them may be meant.
      let meant = nearest(to: arguments[0], among: arguments[1].split(separator: " | ").map(String.init))
      if !meant.isEmpty {
        return Self.suggestion.text(in: language, [meant]) + (language == .english ? " " : "") + remedy
      }
    }
    return remedy
  }

  /// How many characters of an argument are shown: a cell of megabytes makes no message of megabytes.
  package static let longestArgument = 1000

  private func shownArguments(in language: Language) -> [String] {
    arguments.map { language.shown($0).shortened(to: Self.longestArgument) }
  }

  /// What a failed check asks of the reader depends on its level.
  private static func afterCheck(_ severity: Severity) -> Wording {
    switch severity {
    case .note, .warning: Wording(en: "posted all the same; have a look at it", zh: "已照常入账，请核对")
    case .hold:
      Wording(
        en: "complete what the check looks up; the next run tries the document again",
        zh: "请补全校验所查的资料，下个批次会再试这张单据")
    case .reject, .stopFile, .error:
      Wording(en: "correct it in the reject file and drop that again", zh: "请在退回文件里改正，再重新放入 inbox")
    }
  }

  private static func nearestInterface(named: Bool) -> Wording {
    named
      ? Wording(
        en: "no interface takes this file; by its name it is for {0}, but it can't be read as that",
        zh: "没有接口认得这个文件；按名字属于 {0}，但不能照它的格式读")
      : Wording(
        en:
          "no interface takes this file; its columns are those of {0}, but its name fits none of {2} (capitals count)",
        zh: "没有接口认得这个文件；列与 {0} 相符，但文件名不符合 {2}（区分大小写）")
  }

  private static let suggestion = Wording(en: "did you mean \"{0}\"?", zh: "是不是“{0}”？")

  /// The whole finding as a good compiler shows it: place, message, the text with a mark under it, help.
  ///
  /// No line break at the end; nothing of it can drive a terminal.
  public func text(in language: Language) -> String {
    var lines = [
      "\(place.text(in: language, countsCharacters: code.countsCharacters)): \(severity.label.text(in: language))[\(code.rawValue)]: \(message(in: language))"
    ]
    lines += excerptLines
    lines.append("  \(Wording(en: "help", zh: "办法").text(in: language)): \(remedy(in: language))")
    return lines.joined(separator: "\n")
  }

  private var excerptLines: [String] {
    guard let excerpt, !excerpt.isEmpty else { return [] }
    // A definition can also be the place of what is wrong with data (a breach of a profile's contract); the
    // excerpt is then the value and not the line.
    guard severity == .error, place.isInDefinition, let line = place.line, let column = place.column else {
      return ["  | \(cut(excerpt.printable, around: 0, width: 1).text)"]
    }
    let number = String(line)
    let gutter = String(repeating: " ", count: number.count)
    let shown = cut(excerpt.withPlainBlanks, around: column - 1, width: width)
    let indent = String(repeating: " ", count: columnsOnScreen(shown.text.prefix(shown.at)))
    let marked = shown.text.dropFirst(shown.at).prefix(shown.width)
    let carets = String(repeating: "^", count: max(1, columnsOnScreen(marked)))
    return ["  \(number) | \(shown.text)", "  \(gutter) | \(indent)\(carets)"]
  }
}

extension Place {
  /// Whether `column` counts characters; in a data file it counts cells.
  var isInDefinition: Bool { file.hasSuffix(".yaml") || file.hasSuffix(".yml") }

  fileprivate func text(in language: Language, countsCharacters: Bool) -> String {
    var text = file.printable
    guard let line else { return text }
    text += ":\(line)"
    guard let column else { return text + (field.map { " (\($0.printable))" } ?? "") }
    if isInDefinition { return text + ":\(column)" }
    let unit =
      countsCharacters
      ? Wording(en: "character {0}", zh: "第 {0} 个字符") : Wording(en: "cell {0}", zh: "单元格 {0}")
    let cell = unit.text(in: language, [String(column)])
    return "\(text): \(cell)" + (field.map { " (\($0.printable))" } ?? "")
  }
}

extension Severity {
  /// The word for it, for people.
  package var label: Wording {
    switch self {
    case .note: Wording(en: "note", zh: "提示")
    case .warning: Wording(en: "warning", zh: "警告")
    case .hold: Wording(en: "hold", zh: "挂起")
    case .reject: Wording(en: "reject", zh: "退回")
    case .stopFile: Wording(en: "stop-file", zh: "整份退回")
    case .error: Wording(en: "error", zh: "错误")
    }
  }
}

extension String {
  /// One character for each character of the text, none of which moves a cursor or has no width of its own.
  fileprivate var withPlainBlanks: String {
    String(
      map { character in
        if character == "\t" { return " " }
        let shown = String(character).printable
        return shown.count == 1 ? shown.first! : "\u{FFFD}"
      })
  }
}

/// What of a line is shown: at most 100 characters, with those that matter among them.
private func cut(_ line: String, around at: Int, width: Int) -> (text: String, at: Int, width: Int) {
  let limit = 100
  let line = at == 0 ? line.shortened(to: 2 * limit) : line
  let count = line.count
  let at = min(max(0, at), count)
  let width = max(1, min(width, count - at))
  guard count > limit else { return (line, at, width) }
  // A third of the room for what stands before the mark, so that more of what follows is seen.
  let start = max(0, min(at - limit / 3, count - limit))
  let end = min(count, start + limit)
  let text = (start > 0 ? "…" : "") + line.dropFirst(start).prefix(end - start) + (end < count ? "…" : "")
  let shownAt = at - start + (start > 0 ? 1 : 0)
  return (text, shownAt, min(width, end - at))
}

extension FindingCode {
  /// Whether the place's column counts the characters of a line: a file of XML has no cells.
  fileprivate var countsCharacters: Bool { rawValue.hasPrefix("xml-") }
}
