import Foundation
import Fuzzing
import Testing

/// What fuzzing has left behind, and inputs of every kind to begin with, through the same functions without a fuzzer.
/// A folder a target, a file an input; a file that a fault was found with is named `fault-…`.
@Suite struct CorpusTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
    .path

  @Test(arguments: FuzzTarget.allCases)
  func nothingIsWrong(_ target: FuzzTarget) throws {
    let folder = Self.corpus + "/" + target.rawValue
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names.count >= 5)
    for name in names {
      let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
      #expect(target.fault(in: Array(bytes)) == nil, "\(target.rawValue)/\(name)")
    }
  }

  @Test func theCorpusIsSmall() throws {
    let paths = (FileManager.default.subpaths(atPath: Self.corpus) ?? [])
    let sizes = paths.map {
      (try? FileManager.default.attributesOfItem(atPath: Self.corpus + "/" + $0)[.size] as? Int) ?? 0
    }
    #expect(paths.count < 200)
    #expect(sizes.reduce(0, +) < 300_000)
  }
}
