/// What becomes of a document (单据) and of its rows. The order of the cases is the order in which verdicts are found;
/// the first that applies stands.
public enum Verdict: UInt8, Sendable, Hashable, CaseIterable {
  case repeated
  case ignored
  case rejected
  case held
  case posted
}
