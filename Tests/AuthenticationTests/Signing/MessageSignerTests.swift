import Authentication
import Mail
import MailTesting
import Testing
import Wire

@Suite("signing messages, RFC 6376 §5")
struct MessageSignerTests {
  private static var keys: [SigningKey] {
    [SigningScene.ed25519, SigningScene.rsa]
  }

  /// Every algorithm and canonicalization at once, in one pass.
  private static func templates() throws -> [SignatureTemplate] {
    var templates: [SignatureTemplate] = []
    for (number, key) in keys.enumerated() {
      for header in DKIMCanonicalization.allCases {
        for body in DKIMCanonicalization.allCases {
          var template = try SigningScene.template(
            key, domain: "d\(number).example", selector: "s\(templates.count)")
          template.headerCanonicalization = header
          template.bodyCanonicalization = body
          template.copiesHeader = templates.count % 3 == 0
          template.lifetime = templates.count % 2 == 0 ? 3600 : nil
          templates.append(template)
        }
      }
    }
    return templates
  }

  @Test func whatIsSignedVerifies() async throws {
    let templates = try Self.templates()
    var random = RandomSource(seed: 4711)
    for _ in 0..<30 {
      let message = random.message()
      let signed = try SigningScene.sign(message, templates)
      #expect(signed.signatureCount == 8)
      let verdict = try await SigningScene.verify(signed.fields + message, templates)
      #expect(verdict.dkim.map(\.result) == Array(repeating: .pass, count: 8))
      #expect(verdict.dkim.flatMap(\.unsignedDuplicates) == [])
      // In the order of the templates.
      #expect(
        verdict.dkim.compactMap { $0.signature?.signature.selector }
          == templates.map(\.selector))
    }
  }

  @Test func piecesChangeNothing() throws {
    let templates = try Self.templates()
    var random = RandomSource(seed: 12)
    for _ in 0..<20 {
      let message = random.message()
      let whole = try SigningScene.sign(message, templates)
      var signer = MessageSigner(templates, now: SigningScene.now)
      var start = 0
      while start < message.count {
        let end = min(message.count, start + Int.random(in: 1...7, using: &random))
        try signer.read(message[start..<end])
        start = end
      }
      let pieces = try signer.finish()
      #expect(pieces.fields == whole.fields)
      #expect(pieces.notes == whole.notes)
    }
  }

  @Test func signsTheFormWithCRLF() throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    let bare = SigningScene.letter.filter { $0 != 0x0D }
    var signer = MessageSigner([template], now: SigningScene.now, lineEnds: .bareLineFeed)
    try signer.read(bare[...])
    let expected = try SigningScene.sign(SigningScene.letter, [template]).fields
    #expect(try signer.finish().fields == expected)
  }

  @Test func anyChangeBreaksTheSignature() async throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    let letter = SigningScene.letter
    let field = try SigningScene.sign(letter, [template]).fields
    for change in [
      "From: x@y.example", "Subject: b", "To: c@d.example", "Cc: c@d.example",
      "Reply-To: x@y.example", "Date: Mon, 23 Nov 2026 10:00:00 +0000", "Message-ID: <2@x.example>",
      "MIME-Version: 1.0", "Content-Type: text/html", "Content-Transfer-Encoding: base64",
      "In-Reply-To: <3@x.example>", "References: <3@x.example>",
    ] {
      for message in [
        Array("\(change)\r\n".utf8) + field + letter,
        field + Array("\(change)\r\n".utf8) + letter,
      ] {
        let verdict = try await SigningScene.verify(message, [template])
        #expect(verdict.dkim.map(\.result) == [.fail], "\(change)")
      }
    }
    // What lists and relays add does no harm.
    for change in [
      "Received: from x.example", "Return-Path: <a@b.example>", "X-Spam: no",
      "List-Id: <l.example>", "Authentication-Results: x.example; none", "Sender: l@x.example",
    ] {
      let message = Array("\(change)\r\n".utf8) + field + letter
      #expect(try await SigningScene.verify(message, [template]).dkim.map(\.result) == [.pass])
    }
  }

  @Test func theKeysMayDependOnTheAuthor() throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    let message = SigningScene.message("From: a@one.example, b@two.example, c@one.example", "", "")
    var signer = MessageSigner(now: 1) { authors in
      #expect(authors.map(\.description) == ["one.example", "two.example"])
      return [template]
    }
    try signer.read(message[...])
    #expect(try signer.finish().signatureCount == 1)
    let names = [try DomainName(parsing: "example.com")]
    #expect(throws: SigningFailure.noKey(author: names)) {
      var signer = MessageSigner(now: 1) { _ in [] }
      try signer.read(SigningScene.letter[...])
    }
  }

  @Test(arguments: [
    ("To: a@b.example\r\n\r\n", SigningFailure.author("the message has no From field")),
    (
      "From: a@b.example\r\nFrom: a@b.example\r\n\r\n",
      .author("the message has 2 From fields")
    ),
    (
      "From: a@b.example\r\nSubject: a\rFrom: c@d.example\r\n\r\n",
      .author("a line that only some readers see is a From field")
    ),
    (
      "From: root@[192.0.2.1]\r\n\r\n",
      .author("From holds an address without a domain name")
    ),
    ("From: a@b <c@d.example>\r\n\r\n", .author("From cannot be read: leftover octets at byte 5")),
    (
      "From: a@b.example\r\nSubject: a\rb\r\n\r\n",
      .brokenHeader(.bareCarriageReturn(offset: 29))
    ),
    ("From: a@b.example\r\nSubject: a\nb\r\n\r\n", .brokenHeader(.bareLineFeed(offset: 29))),
    ("From: a@b.example\r\nSubject: \u{0}\r\n\r\n", .brokenHeader(.null(offset: 28))),
    (
      "From: a@b.example\r\nno field\r\n\r\n",
      .author("a line without a colon makes some readers end the header at byte 19")
    ),
    (" folded\r\nFrom: a@b.example\r\n\r\n", .brokenHeader(.leadingFold(offset: 0))),
    ("From: a@b.example\r\na b: c\r\n\r\n", .brokenHeader(.badFieldName(offset: 19))),
    ("", .author("the message has no From field")),
  ])
  func refuses(message: String, failure: SigningFailure) throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    #expect(throws: failure) { try SigningScene.sign(Array(message.utf8), [template]) }
  }

  @Test func refusesAHeaderThatIsTooLong() throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    let header = SigningScene.message("From: a@b.example", "")
    for (limit, isRefused) in [(header.count, false), (header.count - 1, true)] {
      var signer = MessageSigner([template], now: 1, headerLimit: limit)
      var failure: SigningFailure?
      do { try signer.read((header + [0x0D, 0x0A])[...]) } catch {
        failure = error as? SigningFailure
      }
      #expect(failure == (isRefused ? .headerTooLong(limit: limit) : nil))
    }
  }

  @Test func namesInHAreBounded() throws {
    // 12 names of the default that stand there anyway: From twice, and ten that are guarded.
    for (count, isRefused) in [(489, false), (490, true)] {
      let subjects = Array(repeating: "Subject: a", count: count).joined(separator: "\r\n")
      let message = SigningScene.message("From: a@b.example", subjects, "", "")
      let template = try SigningScene.template(SigningScene.ed25519)
      if isRefused {
        #expect(throws: SigningFailure.tooManyFields(limit: 500)) {
          try SigningScene.sign(message, [template])
        }
      } else {
        let names = try SigningScene.tags(SigningScene.sign(message, [template]).fields)["h"]
        #expect(names?.split(separator: ":").count == 500)
      }
    }
  }

  @Test func notes() throws {
    let template = try SigningScene.template(SigningScene.ed25519)
    func notes(_ message: [UInt8]) throws -> [SigningNote] {
      try SigningScene.sign(message, [template]).notes
    }
    #expect(try notes(SigningScene.letter) == [])
    let plain = "From: a@b.example\r\nDate: x\r\nMessage-ID: <1>\r\n"
    for (length, expected) in [(998, []), (999, [SigningNote.longLines(count: 1)])] {
      let line = String(repeating: "x", count: length)
      #expect(try notes(Array("\(plain)\r\n\(line)\r\n".utf8)) == expected)
      #expect(try notes(Array("\(plain)\r\n\(line)".utf8)) == expected)
      let field = "X: " + String(repeating: "x", count: length - 3)
      #expect(try notes(Array("\(plain)\(field)\r\n\r\n".utf8)) == expected)
    }
    #expect(try notes(Array("\(plain)\r\na\rb\nc\r\nd\r".utf8)) == [.bareLineEnds(count: 3)])
    #expect(
      try notes(SigningScene.message("From: a@b.example", "", ""))
        == [.missingField("Date"), .missingField("Message-ID")])
  }
}

extension RandomSource {
  private mutating func pick<Choice>(_ choices: [Choice], _ other: Choice) -> Choice {
    choices.randomElement(using: &self) ?? other
  }

  /// A message of sound header and wild body.
  fileprivate mutating func message() -> [UInt8] {
    let words = ["a", "Z9", "=", ";", "é", "\t", "  ", "\r\n ", "\r\n\t ", "|", ":", "\""]
    var text = "From: ann@example.com\r\n"
    for _ in 0..<Int.random(in: 0...12, using: &self) {
      let name = pick(
        ["Subject", "TO", "cc", "X-y", "Received", "date", "List-Id", "Content-Type"], "x")
      text += "\(name):" + pick(["", " ", "\t", "  "], "")
      for _ in 0..<Int.random(in: 0...20, using: &self) { text += pick(words, "") }
      text += "x\r\n"
    }
    text += pick(["\r\n", "\r\n", "\r\n", ""], "")
    guard text.hasSuffix("\r\n\r\n") else { return Array(text.utf8) }
    for _ in 0..<Int.random(in: 0...200, using: &self) {
      text += pick(["\r\n", "\r\n", " ", "\t", "word", ".", "\r", "\n", "\u{0}", "ü"], "")
    }
    return Array(text.utf8)
  }
}
