import Testing
import Wire

@testable import Mail

/// Each field as `name|value`, line ends inside the value shown as `¶`.
private func outline(_ section: String) -> [String] {
  let header = MessageHeader(octets: Array(section.utf8))
  return header.fields.map { "\($0.name)|\(header.value(of: $0).text)" }
    .map { $0.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "¶") }
}

@Suite("header fields, RFC 5322 §2.2 and §3.6.8")
struct HeaderFieldTests {
  @Test(
    arguments: [
      ("", []),
      ("A: b\r\n", ["a| b"]),
      ("A: b", ["a| b"]),  // no final line end
      ("A:\r\n", ["a|"]),
      ("A:", ["a|"]),
      ("A:b:c\r\n", ["a|b:c"]),  // the first colon
      ("A: b\r\nC: d\r\n", ["a| b", "c| d"]),
      ("From : b\r\n", ["from| b"]),  // obs-optional, §4.5
      ("From\t : b\r\n", ["from| b"]),
      ("A: b\r\n c\r\n", ["a| b¶ c"]),  // a fold
      ("A: b\r\n\tc\r\n", ["a| b¶\tc"]),
      ("A:\r\n b\r\n", ["a|¶ b"]),
      ("A: b\r\n \r\n c\r\n", ["a| b¶ ¶ c"]),  // a fold of blanks alone, obs-FWS
      ("A: b\r\n C: d\r\n", ["a| b¶ C: d"]),  // no field: the line begins with a blank
      ("A: b\r\nc\r\n d\r\nE: f\r\n", ["a| b", "e| f"]),  // folds of a line that is none
      (" b\r\nA: c\r\n", ["a| c"]),
      (": b\r\nA: c\r\n", ["| b", "a| c"]),
      ("A b: c\r\n", ["a b| c"]),
      ("Fröm: b\r\n", ["fröm| b"]),
      (
        "From a@b.example Thu Jan  1 00:00:00 1970\r\nA: b\r\n",
        [  // mbox
          "from a@b.example thu jan  1 00|00:00 1970", "a| b",
        ]
      ),
      (">From a@b.example\r\nA: b\r\n", ["a| b"]),
      ("A: b\nC: d\r\n", ["a| b\nC: d"]),  // a bare LF ends no line
      ("A: b\rC: d\r\n", ["a| b\rC: d"]),
      ("A: b\r\r\nC: d\r\n", ["a| b\r", "c| d"]),
      ("A: b\n\r\nC: d\r\n", ["a| b\n", "c| d"]),
      ("A: b\n C: d\n", ["a| b\n C: d\n"]),
      ("A: b\0c\r\n", ["a| b\0c"]),
    ] as [(String, [String])])
  func areFound(section: String, expected: [String]) {
    #expect(outline(section) == expected)
  }

  @Test(
    arguments: [
      ("A: b\r\n c\r\n", []),
      ("From : b\r\n", []),
      ("A: b\r\nc\r\nD: e\r\n", [.missingColon(offset: 6)]),
      ("c", [.missingColon(offset: 0)]),
      ("\r\nA: b\r\n", [.missingColon(offset: 0)]),  // an empty line inside
      (" b\r\nA: c\r\n", [.leadingFold(offset: 0)]),
      ("c\r\n d\r\n", [.missingColon(offset: 0), .leadingFold(offset: 3)]),
      (": b\r\n", [.badFieldName(offset: 0)]),
      ("A: b\r\nC d: e\r\n", [.badFieldName(offset: 6)]),
      ("Fröm: b\r\n", [.badFieldName(offset: 0)]),  // ftext is US-ASCII, RFC 6532 §3.1 keeps it
      ("A\u{7F}: b\r\n", [.badFieldName(offset: 0)]),
      ("A: b\rc\r\n", [.bareCarriageReturn(offset: 4)]),
      ("A: b\r\r\n", [.bareCarriageReturn(offset: 4)]),
      ("A: b\r", [.bareCarriageReturn(offset: 4)]),  // the end follows
      ("A: b\nc\r\n", [.bareLineFeed(offset: 4)]),
      ("A: b\n", [.bareLineFeed(offset: 4)]),
      ("A: b\n\r\n", [.bareLineFeed(offset: 4)]),
      ("A: b\0\r\n", [.null(offset: 4)]),
      ("A\0: b\r\n", [.null(offset: 1), .badFieldName(offset: 0)]),
      (
        "\n\r\0: b\r\n",
        [
          .bareLineFeed(offset: 0), .bareCarriageReturn(offset: 1), .null(offset: 2),
          .badFieldName(offset: 0),
        ]
      ),
    ] as [(String, [HeaderDefect])])
  func tellsDefects(section: String, expected: [HeaderDefect]) {
    #expect(MessageHeader(octets: Array(section.utf8)).defects == expected)
  }

  @Test func keepsTheOctetsOfEachField() throws {
    let header = MessageHeader(octets: Array("A: b\r\nFrom \t: c\r\n d\r\nE: f".utf8))
    let field = try #require(header.fields(named: "from").first)
    #expect(header.octets(of: field).text == "From \t: c\r\n d\r\n")
    #expect(header.octets[field.nameRange].text == "From")
    #expect(header.value(of: field).text == " c\r\n d")
    #expect(header.text(of: field) == "c d")
    #expect(header.octets(of: try #require(header.fields.last)).text == "E: f")
  }

  /// Together the fields hold every octet, in order, but for lines passed over.
  @Test func leavesNothingOut() {
    let octets = Array("A: b\r\n c\r\nD:\r\n: e\r\nF : g\r\n\t\r\nH: i".utf8)
    let header = MessageHeader(octets: octets)
    #expect(header.fields.flatMap { header.octets(of: $0) } == octets)
  }

  @Test func listsFieldsOfANameTopDown() {
    let header = MessageHeader(
      octets: Array("From: 1\r\nTo: 2\r\nFROM: 3\r\nx\r\nfrom : 4\r\n".utf8))
    #expect(header.indices(of: "from") == [0, 2, 3])
    #expect(header.fields(named: "from").map(header.text) == ["1", "3", "4"])
    #expect(header.indices(of: "From") == [])  // names are given in small letters
    #expect(header.indices(of: "cc") == [])
  }

  @Test(
    arguments: [
      ("", false),
      ("no field", false),
      (": a\r\n", false),
      ("a b: c\r\n", false),
      ("A\u{7F}: c\r\n", false),
      ("a b: c\r\nA: d", true),
      ("A:", true),
    ] as [(String, Bool)])
  func knowsWhetherThereAreFields(section: String, expected: Bool) {
    #expect(MessageHeader(octets: Array(section.utf8)).hasFields == expected)
  }

  @Test(arguments: [99, 100, 101, 5000])
  func keepsAHundredDefects(count: Int) {
    let octets = [UInt8]("A: ".utf8) + Array(repeating: 0, count: count)
    let defects = MessageHeader(octets: octets).defects
    #expect(defects == (0..<min(count, 100)).map { .null(offset: $0 + 3) })
  }

  @Test func readsAHundredThousandFields() {
    let count = 100_000
    let octets = Array(String(repeating: "X-A: b\r\n", count: count).utf8)
    let header = MessageHeader(octets: octets)
    #expect(header.fields.count == count)
    #expect(header.indices(of: "x-a").count == count)
    #expect(header.fields.last?.range == octets.count - 8..<octets.count)
    #expect(!header.hidesField(named: "from"))
  }

  @Test func describesDefectsWithTheirPlace() {
    let defects: [HeaderDefect] = [
      .missingColon(offset: 1), .leadingFold(offset: 2), .badFieldName(offset: 3),
      .bareCarriageReturn(offset: 4), .bareLineFeed(offset: 5), .null(offset: 6),
    ]
    for (defect, offset) in zip(defects, 1...) {
      #expect(defect.description.hasSuffix(" at byte \(offset)"))
    }
    #expect(Set(defects.map(\.description)).count == defects.count)
  }
}
