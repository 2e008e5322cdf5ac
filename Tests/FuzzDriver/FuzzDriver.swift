import Fuzzing
import Glibc

/// libFuzzer's loop around one target: `fuzz TARGET CORPUS …`, all options of libFuzzer behind that. Built with
/// `-sanitize=fuzzer` only; see the Makefile.
@main
enum FuzzDriver {
  static func main() {
    guard CommandLine.argc > 1, let name = CommandLine.unsafeArgv[1].map({ String(cString: $0) }),
      FuzzTarget(rawValue: name) != nil
    else {
      print("fuzz \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) CORPUS … -OPTION=VALUE …")
      exit(64)
    }
    var count = CommandLine.argc - 1
    // The target's name takes the program's place; libFuzzer sees the rest.
    CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
    setenv(targetVariable, name, 1)
    var arguments = CommandLine.unsafeArgv + 1
    exit(runLibFuzzer(&count, &arguments, testOneInput))
  }
}

private let targetVariable = "TALLYMAN_FUZZ_TARGET"
private let target = getenv(targetVariable).flatMap { FuzzTarget(rawValue: String(cString: $0)) }

/// libFuzzer finds it by its name; a fault ends the process, and the input is kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  guard let target else { preconditionFailure("a target is named on the command line") }
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  if let fault = target.fault(in: bytes) { fatalError("\(target.rawValue): \(fault)") }
  return 0
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runLibFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
