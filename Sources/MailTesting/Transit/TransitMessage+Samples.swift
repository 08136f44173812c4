extension TransitMessage {
  /// Messages of every common shape: plain, HTML, alternative, mixed; 7bit, 8bit,
  /// quoted-printable, base 64; with non-ASCII subjects and long header fields.
  public static var samples: [(name: String, message: TransitMessage)] {
    let shapes: [(String, (Int) -> TransitMessage)] = [
      ("plain 7bit", { plain($0, "7bit", ascii) }),
      ("plain 8bit", { plain($0, "8bit", unicode) }),
      ("plain quoted-printable", { plain($0, "quoted-printable", unicode) }),
      ("plain base64", { plain($0, "base64", unicode) }),
      ("html 7bit", { html($0, "7bit", ascii) }),
      ("html 8bit", { html($0, "8bit", unicode) }),
      ("html quoted-printable", { html($0, "quoted-printable", unicode) }),
      ("html base64", { html($0, "base64", unicode) }),
      ("alternative 7bit", { alternative($0, "7bit", ascii) }),
      ("alternative 8bit", { alternative($0, "8bit", unicode) }),
      ("alternative quoted-printable", { alternative($0, "quoted-printable", unicode) }),
      ("alternative base64", { alternative($0, "base64", unicode) }),
      ("mixed 7bit", { mixed($0, "7bit", ascii) }),
      ("mixed 8bit", { mixed($0, "8bit", unicode) }),
      ("mixed quoted-printable", { mixed($0, "quoted-printable", unicode) }),
    ]
    return shapes.enumerated().map { ($0.element.0, $0.element.1($0.offset)) }
  }

  private static let subjects = [
    "Figures for the third quarter", "Re: Lunch on Thursday?",
    "=?utf-8?q?Gr=C3=BC=C3=9Fe_aus_Z=C3=BCrich?=",
    "Re: =?UTF-8?B?QW5nZWJvdCBmw7xyIE3DvGxsZXI=?=",
    "A subject of many words, so long that it stands on much more than one\r\n line of the header",
    "Invoice 2026-117", "=?utf-8?q?R=C3=A9union_du_comit=C3=A9?=",
  ]

  private static func header(_ number: Int) -> [(name: String, value: String)] {
    let many = (1...4).map { "Colleague Number \($0) <colleague\($0)@example.net>" }
    let names = ["Alice Example", "\"Example, Alice\"", "=?utf-8?q?Al=C3=ADce?="]
    return [
      ("Received", " from a.example.org by b.example.org; Sun, 22 Nov 2026 10:00:00 +0000"),
      ("From", " \(names[number % 3]) <alice@example.org>"),
      ("To", " " + (number.isMultiple(of: 2) ? many.joined(separator: ",\r\n ") : many[0])),
      ("Subject", " \(subjects[number % subjects.count])"),
      (
        "Date",
        number.isMultiple(of: 2)
          ? " Sun, 1 Nov 2026 10:00:00 +0000" : " Sun, 22 Nov 2026 10:00:00 +0100"
      ),
      ("Message-ID", " <2026.\(number)@example.org>"),
      ("Keywords", " alpha"), ("Keywords", " beta"),
      ("MIME-Version", " 1.0"),
    ]
  }

  private static let ascii = [
    "Hello Bob,", "", "the figures are at https://www.example.org/figures?q=3 now.",
    "From now on they come every week.", ".profile must be changed before you can read them.", "",
    "Please answer until Thursday, so that the people of the other office, who wait for it, can go on.",
    "", "-- ", "Alice Example", "Example Ltd",
  ]

  private static let unicode = [
    "Grüß Gott Bob,", "", "die Zahlen stehen unter https://www.example.org/zahlen?q=3 für alle.",
    "From now on they come every week.", ".profile muß geändert werden, bevor man sie lesen kann.",
    "",
    "Bitte antworte bis Donnerstag, damit die Kollegen im anderen Büro, die darauf warten, weitermachen können.",
    "", "-- ", "Alíce Example", "Beispiel GmbH & Söhne",
  ]

  private static func text(_ lines: [String], _ number: Int) -> String {
    (lines + ["Number \(number)"]).joined(separator: "\r\n") + "\r\n"
  }

  private static func markup(_ lines: [String], _ number: Int) -> String {
    "<html><head><title>\(number)</title></head>\r\n<body class=\"a\">\r\n"
      + lines.map { "<p>\($0)</p>" }.joined(separator: "\r\n") + "\r\n</body>\r\n</html>\r\n"
  }

  private static func leaf(_ type: String, _ text: String, _ encoding: String) -> TransitMessage {
    var part = TransitMessage(fields: [], body: TransitEncoding.encode(text, encoding))
    if encoding == "base64" { part.body += "\r\n" }
    let charset = encoding == "7bit" ? "us-ascii" : "utf-8"
    part["Content-Type"] = "\(type); charset=\(charset)"
    part["Content-Transfer-Encoding"] = encoding
    return part
  }

  private static func whole(_ number: Int, _ part: TransitMessage) -> TransitMessage {
    TransitMessage(fields: header(number) + part.fields, body: part.body)
  }

  private static func plain(_ number: Int, _ encoding: String, _ lines: [String]) -> TransitMessage
  {
    whole(number, leaf("text/plain", text(lines, number), encoding))
  }

  private static func html(_ number: Int, _ encoding: String, _ lines: [String]) -> TransitMessage {
    whole(number, leaf("text/html", markup(lines, number), encoding))
  }

  private static func alternative(
    _ number: Int, _ encoding: String, _ lines: [String]
  ) -> TransitMessage {
    var message = TransitMessage(fields: header(number), body: "")
    message["Content-Type"] = "multipart/alternative;\r\n boundary=\"=_alt_\(number)\""
    message.parts = [
      leaf("text/plain", text(lines, number), encoding),
      leaf("text/html", markup(lines, number), encoding),
    ]
    return message
  }

  private static func mixed(_ number: Int, _ encoding: String, _ lines: [String]) -> TransitMessage
  {
    var message = TransitMessage(fields: header(number), body: "")
    message["Content-Type"] = "multipart/mixed; boundary=\"mix.\(number)\""
    var attachment = TransitMessage(
      fields: [], body: TransitEncoding.base64(String(repeating: "0123456789", count: 40)))
    attachment["Content-Type"] = "application/octet-stream; name=\"figures.bin\""
    attachment["Content-Transfer-Encoding"] = "base64"
    message.parts = [leaf("text/plain", text(lines, number), encoding), attachment]
    message.body = "This is a multi-part message in MIME format.\r\n" + message.body
    return message
  }
}
