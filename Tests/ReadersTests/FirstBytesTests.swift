import Readers
import Testing

@Suite struct FirstBytesTests {
  @Test(
    arguments: [
      ([0x50, 0x4B, 0x03, 0x04, 0x14], .zip), ([0x50, 0x4B, 0x05, 0x06], .zip),
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], .legacyExcel), ([0x1F, 0x8B, 0x08], .gzip),
      ([0xFF, 0xFE, 0x41, 0x00], .utf16), ([0xFE, 0xFF], .utf16),
      (Array("no,a\n1".utf8.flatMap { [$0, 0] }), .utf16),
      (Array("no,a\n1".utf8.flatMap { [0, $0] }), .utf16),
      (Array("单号,品名,金额\n1,2,3".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), .utf16),
      ([0x6E, 0x6F, 0, 0, 0, 0, 0x2C], nil), ([0x6E, 0x6F, 0, 0x2C], nil),
    ] as [([UInt8], FirstBytes?)])
  func binary(bytes: [UInt8], kind: FirstBytes?) { #expect(FirstBytes.kind(of: bytes) == kind) }

  @Test(
    arguments: [
      ("<html><table>", .html), ("\u{FEFF}\r\n  <!DOCTYPE HTML>", .html), ("<Table border=1>", .html),
      ("<?xml version='1.0'?>", .xml), ("\u{FEFF}<?xml?>", .xml), ("<导出><单据/>", .xml), ("%PDF-1.7", .pdf),
      ("no,item,amount", nil), ("", nil), ("<5,a,b", nil), ("PK,a,b", nil), ("单号,品名", nil),
    ] as [(String, FirstBytes?)])
  func text(text: String, kind: FirstBytes?) { #expect(FirstBytes.kind(of: Array(text.utf8)) == kind) }
}
