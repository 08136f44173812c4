import DNS
import Testing

@Suite("mnemonics of record types, RFC 1035 §3.2.2, RFC 3597 §5")
struct RecordTypeTests {
  /// Every type reads what it prints, in any case.
  @Test func allOfThem() {
    var wrong: [RecordType] = []
    for value in UInt16.min...UInt16.max {
      let type = RecordType(rawValue: value)
      let names = ["\(type)", "\(type)".lowercased(), "TYPE\(value)"]
      if !names.allSatisfy({ RecordType(mnemonic: Array($0.utf8)) == type }) { wrong.append(type) }
    }
    #expect(wrong.isEmpty)
  }

  @Test(arguments: ["", "TXTT", "TYPE", "TYPE65536", "TYPE-1", "TYPE+1", "TYPE1x", "T YPE1", "1"])
  func refuses(name: String) { #expect(RecordType(mnemonic: Array(name.utf8)) == nil) }
}
