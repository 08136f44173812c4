import Authentication
import MailTesting
import Testing
import Wire

/// Written from the text of the two RFCs.
@Suite("examples of RFC 6376 and RFC 8463")
struct DKIMExampleTests {
  /// RFC 6376 appendix C publishes it as `brisbane` of example.org, appendix A uses it for
  /// example.com.
  private static let brisbane =
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
    + "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
    + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
    + "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
    + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"

  private static let football = [
    "From: Joe SixPack <joe@football.example.com>", "To: Suzie Q <suzie@shopping.example.net>",
    "Subject: Is dinner ready?", "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
    "Message-ID: <20030712040037.46341.5F8J@football.example.com>",
  ]
  /// One blank between the sentences: the text of RFC 6376 shows two, but its body hash, which RFC
  /// 8463 repeats, is that of one.
  private static let body = "Hi.\r\n\r\nWe lost the game. Are you hungry yet?\r\n\r\nJoe.\r\n"

  private static func letter(_ signatures: String..., above: [String]) -> Letter {
    var letter = Letter(body: body)
    letter.fields = (signatures + above).map { Array($0.utf8) }
    return letter
  }

  /// RFC 6376 appendix A.2. Its signature is simple, so each blank counts, and the page has moved
  /// the text: it verifies with continuation lines that begin with six blanks, eight inside `b=`.
  private static let signed = letter(
    """
    DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;\r
          c=simple/simple; q=dns/txt; i=joe@football.example.com;\r
          h=Received : From : To : Subject : Date : Message-ID;\r
          bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
          b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB\r
            4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut\r
            KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV\r
            4bmp/YzhwvcubU4=;
    """,
    above: [
      """
      Received: from client1.football.example.com  [192.0.2.1]\r
            by submitserver.example.com with SUBMISSION;\r
            Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
      """
    ] + football)

  @Test func appendixA() async throws {
    let scene = MessageScene(["brisbane._domainkey.example.com": [Self.brisbane]])
    let verdict = try await scene.authenticate(Self.signed)
    let dkim = try #require(verdict.dkim.first)
    #expect(dkim.result == .pass, "\(String(describing: dkim.failure))")
    #expect(dkim.keyBits == 1024)
    let signature = try #require(dkim.signature)
    #expect("\(signature.identity)" == "joe@football.example.com")
    #expect(
      "\(signature.signature.keyName?.description ?? "")" == "brisbane._domainkey.example.com")
    #expect(
      signature.signature.signedFields
        == ["received", "from", "to", "subject", "date", "message-id"])
    #expect(signature.queryMethods == ["dns/txt"])
  }

  /// A.3: what a receiver adds above does no harm; what it changes below does.
  @Test func appendixAOnItsWay() async throws {
    let scene = MessageScene(["brisbane._domainkey.example.com": [Self.brisbane]])
    let received = Self.signed.prepending(
      "X-Authentication-Results: shopping.example.net\r\n header.from=joe@football.example.com",
      "Received: from mout23.football.example.com (192.168.1.1)\r\n by shopping.example.net")
    #expect(try await scene.authenticate(received).dkim.map(\.result) == [.pass])
    // A Received field below the signed one takes its place.
    let below = Self.signed.appending("Received: from elsewhere")
    #expect(try await scene.authenticate(below).dkim.map(\.failure) == [.signatureMismatch])
    var refolded = Self.signed
    refolded.fields[0].replace([0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x68], with: [0x20, 0x68])
    #expect(try await scene.authenticate(refolded).dkim.map(\.failure) == [.signatureMismatch])
  }

  /// RFC 8463 appendix A.2.
  private static let testKey =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR"
    + "iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
    + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3"
    + "Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

  private static let doublySigned = letter(
    """
    DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r
     d=football.example.com; i=@football.example.com;\r
     q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r
     subject : date : message-id : from : subject : date;\r
     bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
     b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r
     Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
    """,
    """
    DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r
     d=football.example.com; i=@football.example.com;\r
     q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r
     date : message-id : from : subject : date;\r
     bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r
     b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3\r
     DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz\r
     dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
    """, above: football)

  private static let doublySignedZone = [
    "brisbane._domainkey.football.example.com": [
      "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    ],
    "test._domainkey.football.example.com": [testKey],
  ]

  @Test func rfc8463() async throws {
    let verdict = try await MessageScene(Self.doublySignedZone).authenticate(Self.doublySigned)
    #expect(verdict.dkim.map(\.result) == [.pass, .pass])
    #expect(verdict.dkim.map(\.keyBits) == [256, 1024])
    #expect(
      verdict.dkim.map { $0.signature?.signature.algorithm } == [.ed25519SHA256, .rsaSHA256])
  }

  /// "The signatures are independent of each other": either holds where the other's key is gone,
  /// and both name From, Subject and Date once more, so that no second one fits.
  @Test func rfc8463Independence() async throws {
    var scene = MessageScene(Self.doublySignedZone)
    scene.zone["test._domainkey.football.example.com"] = nil
    #expect(
      try await scene.authenticate(Self.doublySigned).dkim.map(\.failure) == [nil, .keyNotFound])
    scene = MessageScene(Self.doublySignedZone)
    for field in ["From: eve@example.net", "Subject: Pay", "Date: now"] {
      let longer = Self.doublySigned.prepending(field)
      let failures = try await scene.authenticate(longer).dkim.map(\.failure)
      #expect(failures == [.signatureMismatch, .signatureMismatch])
    }
  }

  /// The example in RFC 6376 §3.5, whose `b=` is not whole there.
  @Test func section35() throws {
    let text = """
      v=1; a=rsa-sha256; d=example.net; s=brisbane;\r
         c=simple; q=dns/txt; i=@eng.example.net;\r
         t=1117574938; x=1118006938;\r
         h=from:to:subject:date;\r
         z=From:foo@eng.example.net|To:joe@example.com|\r
          Subject:demo=20run|Date:July=205,=202005=203:44:08=20PM=20-0700;\r
         bh=MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=;\r
         b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR
      """
    let signature = try DKIMSignature(parsing: text.utf8)
    #expect(signature.signature.headerCanonicalization == .simple)
    #expect(signature.signature.bodyCanonicalization == .simple)
    #expect(signature.signature.timestamp == 1_117_574_938)
    #expect(signature.signature.expiration == 1_118_006_938)
    #expect(signature.signature.bodyHash == Array("12345678901234567890123456789012".utf8))
    #expect("\(signature.identity)" == "@eng.example.net")
  }
}
