import Testing

@testable import Mail

@Suite("fields that only some readers see, RFC 5322 §2.2")
struct HiddenFieldTests {
  @Test(
    arguments: [
      "X: y\nFrom: a@b.example\r\n",  // a bare LF
      "X: y\rFrom: a@b.example\r\n",  // a bare CR
      "X: y\r\n z\nFrom: a@b.example\r\n",  // in a fold
      "X: y\r\n \nFrom: a@b.example\r\n",
      "X: y\n\nFrom: a@b.example\r\n",
      "X: y\n\rFrom: a@b.example\r\n",
      "X: y\nz\nFrom: a@b.example\r\n",
      "X: y\nfROM: a@b.example\r\n",
      "X: y\nFrom : a@b.example\r\n",
      "X: y\nFrom\t:a@b.example\r\n",
      "X: y\nFrom:\r\n",
      "X: y\nFrom:",
      "\nFrom: a@b.example\r\n",
      "\rFrom: a@b.example\r\n",
      "no field\nFrom: a@b.example\r\n",  // behind a line that is none
      "no field\r\n z\nFrom: a@b.example\r\n",
      " z\nFrom: a@b.example\r\n",  // in a fold that begins the section
      " From: a@b.example\r\n",  // readers that trim lines
      "\tFrom: a@b.example\r\n",
      "no field\r\n From: a@b.example\r\n",
      "From: c@d.example\nFrom: a@b.example\r\n",
      "From: c@d.example\rFrom: a@b.example\r\n",
      "From\0: a@b.example\r\n",  // readers that drop control octets
      "F\u{0B}rom: a@b.example\r\n",
      "\u{FEFF}From: a@b.example\r\n",  // a byte order mark
      "From\u{A0}: a@b.example\r\n",
      "Fr\rom: a@b.example\r\n",
    ])
  func areTold(section: String) {
    #expect(MessageHeader(octets: Array(section.utf8)).hidesField(named: "from"))
  }

  @Test(
    arguments: [
      "",
      "From: a@b.example\r\n",
      "From: a@b.example\r\nfrom : c@d.example",  // seen by all
      "X: y\r\n From: a@b.example\r\n",  // a fold
      "X: y\r\n\tFrom: a@b.example\r\n",
      "X: y\r\n \r\n From: a@b.example\r\n",
      "X: y\n From: a@b.example\r\n",  // a fold for those who end the line there
      "X: y\n\tFrom: a@b.example\r\n",
      "X: y\nTo: a@b.example\r\n",
      "X: y\nFrom\r\n",  // no colon
      "X: y\nFrom\nTo: a\r\n",
      "X: y\nX-From: a@b.example\r\n",
      "X: y\nFromm: a@b.example\r\n",
      "X: yFrom: a@b.example\r\n",
      "From a@b.example Thu Jan  1 00:00:00 1970\r\nFrom: a@b.example\r\n",  // mbox
      ">From: a@b.example\r\nX: y\r\n",
      "From: a@b.example\nX: y\r\n",
      "Subject: From: a@b.example\r\n",
    ])
  func areNotFalselyTold(section: String) {
    #expect(!MessageHeader(octets: Array(section.utf8)).hidesField(named: "from"))
  }

  @Test func areLookedForByName() {
    let header = MessageHeader(octets: Array("X: y\nDate: z\r\n".utf8))
    #expect(header.hidesField(named: "date"))
    #expect(!header.hidesField(named: "from"))
  }

  /// However many defects come before: only a hundred are kept.
  @Test(arguments: ["\0", "\r", "\n"])
  func areToldBehindAHundredDefects(defect: String) {
    let section = "X: " + String(repeating: defect, count: 101) + "z\nFrom: a@b.example\r\n"
    #expect(MessageHeader(octets: Array(section.utf8)).hidesField(named: "from"))
  }

  /// A long run of one trick: each octet is looked at a bounded number of times.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: ["\n", "\r", "a\n", "a:\r\n", ":\n", " \r\n", "x:\r\n \n", "From\n", "from ", "\0"])
  func areFoundInLinearTime(pattern: String) {
    let count = (1 << 15) / pattern.utf8.count
    let header = MessageHeader(
      octets: Array(("X: y" + String(repeating: pattern, count: count)).utf8))
    #expect(!header.hidesField(named: "from"))
    #expect(header.earlyEnd == nil || pattern.utf8.contains { $0 == 0x0A || $0 == 0x0D })
  }
}

@Suite("a header section that some readers end early, RFC 5322 §2.1")
struct EarlyEndTests {
  @Test(
    arguments: [
      ("", nil),
      ("A: b\r\nC: d\r\n", nil),
      ("A: b\r\n c\r\n", nil),
      ("A: b\r\n \r\n c\r\n", nil),  // a line of blanks is not empty
      ("A: b\nC: d\r\n", nil),
      ("A: b\n C: d\n", nil),
      ("A: b\rC: d\r\n", nil),
      ("A: b\n \nC: d\r\n", nil),
      ("A: b\n\nbody\r\n", 5),
      ("A: b\r\n\nbody\r\n", 6),
      ("A: b\n\r\nC: d\r\n", 5),
      ("A: b\r\r\nC: d\r\n", 5),
      ("A: b\r\rC: d\r\n", 5),
      ("A: b\r\n\rC: d\r\n", 6),
      ("A: b\n\rC: d\r\n", 5),
      ("\nA: b\r\n", 0),
      ("\rA: b\r\n", 0),
      ("A: b\n\n\n", 5),  // the first
    ] as [(String, Int?)])
  func isTold(section: String, expected: Int?) {
    #expect(MessageHeader(octets: Array(section.utf8)).earlyEnd == expected)
  }
}
