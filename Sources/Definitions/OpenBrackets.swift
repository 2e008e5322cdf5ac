/// A bracket or quote that a text opens and does not close.
struct OpenMark: Equatable {
  var mark: Character
  /// Of its character in the text, from 1.
  var column: Int
}

/// The first bracket or quote that `text` leaves open; brackets inside quotes do not count.
func openedAndLeft(_ text: some StringProtocol) -> OpenMark? {
  let closing: [Character: Character] = ["(": ")", "[": "]", "{": "}"]
  var open: [OpenMark] = []
  var quote: OpenMark?
  for (offset, character) in text.enumerated() {
    let here = OpenMark(mark: character, column: offset + 1)
    if let opened = quote {
      if character == opened.mark { quote = nil }
    } else if character == "\"" || character == "`" {
      quote = here
    } else if closing[character] != nil {
      open.append(here)
    } else if let last = open.last, closing[last.mark] == character {
      open.removeLast()
    }
  }
  return quote ?? open.first
}

/// What a person who wrote it should read of it.
func leftOpen(_ mark: Character) -> String { "\(mark) is left open: close it, or quote this expression" }
