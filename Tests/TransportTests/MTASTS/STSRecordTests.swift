import Testing
import Transport
import Wire

@Suite("MTA-STS TXT record, RFC 8461 §3.1")
struct STSRecordTests {
  @Test(arguments: [
    ("v=STSv1; id=20160831085700Z;", "20160831085700Z"),
    ("v=STSv1;id=a", "a"),
    // WSP on both sides of a semicolon.
    ("v=STSv1\t; \tid=1 ; ", "1"),
    // Unknown fields are passed over, the first id counts.
    ("v=STSv1; x-y.z_1=!~; id=2; id=3", "2"),
    ("v=STSv1; id=2; id=not-an-id", "2"),
    ("v=STSv1; id=\(String(repeating: "a", count: 32))", String(repeating: "a", count: 32)),
  ])
  func accepts(text: String, id: String) throws {
    let record = try STSRecord(parsing: Array(text.utf8))
    #expect(record.id == id)
    #expect(try STSRecord(parsing: Array("\(record)".utf8)) == record)
  }

  @Test(arguments: [
    ("", SyntaxError.Reason.wrongVersion, 0),
    ("id=1; v=STSv1", .wrongVersion, 0),
    ("v=stsv1; id=1", .wrongVersion, 0),
    ("v=STSv1", .missing("id"), 7),
    ("v=STSv1;", .missing("id"), 8),
    ("v=STSv1; ID=1", .missing("id"), 13),
    ("v=STSv10; id=1", .unexpectedByte, 7),
    ("v=STSv1; id=", .unexpectedEnd, 12),
    ("v=STSv1; id=;", .unexpectedByte, 12),
    ("v=STSv1; id = 1", .unexpectedByte, 11),
    ("v=STSv1; id=20-16", .badValue("id"), 12),
    ("v=STSv1; id=\(String(repeating: "a", count: 33))", .badValue("id"), 12),
    ("v=STSv1; id=1;;", .unexpectedByte, 14),
    ("v=STSv1; id=1 x", .unexpectedByte, 14),
    ("v=STSv1; id=1; a=b=c", .unexpectedByte, 18),
    ("v=STSv1; id=1; -a=b", .unexpectedByte, 15),
    ("v=STSv1; id=1; é=b", .unexpectedByte, 15),
    ("v=STSv1; \(String(repeating: "n", count: 33))=1", .tooLong("field name"), 9),
  ])
  func refuses(text: String, reason: SyntaxError.Reason, offset: Int) {
    #expect(throws: SyntaxError(reason, at: offset)) {
      try STSRecord(parsing: Array(text.utf8))
    }
  }

  @Test func choosesTheOnlyRecordOfTheVersion() throws {
    func choose(_ texts: String...) -> STSRecord.Choice {
      STSRecord.choose(among: texts.map { Array($0.utf8) })
    }
    let one = try STSRecord(parsing: Array("v=STSv1; id=1".utf8))
    #expect(choose("v=spf1 -all", "v=STSv1; id=1;") == .record(one))
    #expect(choose("v=STSv1 ; id=1") == .record(one))
    #expect(choose("v=STSv1; id=1", "v=STSv1; id=1") == .several(2))
    #expect(choose() == .none)
    #expect(choose("v=STSv2; id=1", "v=STSv10; id=1") == .none)
    #expect(choose("v=STSv1; id=-") == .invalid(SyntaxError(.badValue("id"), at: 12)))
  }
}
