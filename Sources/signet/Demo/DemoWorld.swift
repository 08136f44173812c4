import Authentication
import Mail
import Wire

/// One message of the demo, and how it arrives.
struct DemoScene {
  let title: String
  let story: String
  let message: [UInt8]
  let envelope: Envelope
}

/// The messages of the demo.
struct DemoWorld {
  /// 2026-11-22T10:00:00Z, so that the demo says the same every day.
  static let now: UInt64 = 1_795_341_600

  private let domains: DemoDomains

  init(_ domains: DemoDomains) { self.domains = domains }

  func scenes() throws -> [DemoScene] {
    [
      try genuine(), spoofed(), try tampered(), try forwarded(), try expired(), try twoAuthors(),
      try displayName(),
    ]
  }

  private static let bankHost = IPAddress.v4(0xC000_0203)
  private static let listHost = IPAddress.v4(0xC633_6407)
  private static let crookHost = IPAddress.v4(0xCB00_7142)

  /// A plain message; no line of it ends in anything but CRLF.
  private func letter(from author: String, body: String) -> [UInt8] {
    let text = """
      From: \(author)
      To: Ann Customer <ann@customer.example>
      Subject: Your account statement
      Date: Sun, 22 Nov 2026 09:58:00 +0000
      Message-ID: <20261122095800.4711@bank.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8

      \(body)

      """
    return Array(text.replacing("\n", with: "\r\n").utf8)
  }

  private var statement: [UInt8] {
    letter(
      from: "Bank Service <service@bank.example>",
      body: "Dear Ann,\n\nyour statement for November is ready.\n\nYour bank")
  }

  /// The bank's letter with its signature.
  private func signedStatement(
    at time: UInt64 = now, expiring expiration: UInt64? = nil
  ) throws -> [UInt8] {
    var signer = domains.bank
    signer.expiration = expiration
    return try signer.field(for: statement, now: time) + statement
  }

  private func bankEnvelope() -> Envelope {
    Envelope(
      client: Self.bankHost, helo: Array("mx.bank.example".utf8),
      reversePath: Array("service@bank.example".utf8))
  }

  private func crookEnvelope(reversePath: String) -> Envelope {
    Envelope(
      client: Self.crookHost, helo: Array("mx.crook.example".utf8),
      reversePath: Array(reversePath.utf8))
  }

  private func genuine() throws -> DemoScene {
    DemoScene(
      title: "A genuine message",
      story: "The bank sends from its own host and signs with its key.",
      message: try signedStatement(), envelope: bankEnvelope())
  }

  private func spoofed() -> DemoScene {
    DemoScene(
      title: "A spoofed From",
      story: "A crook writes the bank's address into From and sends from elsewhere.",
      message: letter(
        from: "Bank Service <service@bank.example>",
        body: "Dear Ann,\n\nplease confirm your password at http://bank.example.crook.example/"),
      envelope: crookEnvelope(reversePath: "bounce@crook.example"))
  }

  private func tampered() throws -> DemoScene {
    let signed = String(decoding: try signedStatement(), as: UTF8.self)
    return DemoScene(
      title: "A tampered body",
      story: "Somebody on the path changes the text of a signed message and passes it on.",
      message: Array(signed.replacing("is ready", with: "is at http://crook.example/").utf8),
      envelope: crookEnvelope(reversePath: "service@bank.example"))
  }

  private func forwarded() throws -> DemoScene {
    let results =
      "mx.lists.example; spf=pass smtp.mailfrom=bank.example; "
      + "dkim=pass header.d=bank.example; dmarc=pass header.from=bank.example"
    let signed = String(decoding: try signedStatement(), as: UTF8.self)
    let changed = Array(
      (signed.replacing("Subject: ", with: "Subject: [customers] ")
        + "-- \r\ncustomers@lists.example\r\n").utf8)
    let seal = try ARCSealer(domains.list).fields(
      for: changed, instance: 1, results: results, status: .none, now: Self.now)
    return DemoScene(
      title: "Through a mailing list",
      story: """
        A list that we trust tags the subject and adds a footer, which breaks the signature; its \
        ARC seal says what it saw.
        """,
      message: seal + changed,
      envelope: Envelope(
        client: Self.listHost, helo: Array("mx.lists.example".utf8),
        reversePath: Array("customers-bounces@lists.example".utf8)))
  }

  private func expired() throws -> DemoScene {
    let lastWeek = Self.now - 7 * 86_400
    return DemoScene(
      title: "A replayed message",
      story: "A crook sends an old message again, by the thousand; its signature was for two days.",
      message: try signedStatement(at: lastWeek, expiring: lastWeek + 2 * 86_400),
      envelope: crookEnvelope(reversePath: "bounce@crook.example"))
  }

  private func twoAuthors() throws -> DemoScene {
    let own = letter(from: "Crook <sales@crook.example>", body: "Click here.")
    var signer = domains.crook
    signer.signedFields = ["From", "To", "Subject", "Date"]
    let signed = try signer.field(for: own, now: Self.now) + own
    return DemoScene(
      title: "Two From fields",
      story: "A crook signs his own From and adds the bank's: programs differ in which they show.",
      message: Array("From: Bank Service <service@bank.example>\r\n".utf8) + signed,
      envelope: crookEnvelope(reversePath: "bounce@crook.example"))
  }

  private func displayName() throws -> DemoScene {
    let own = letter(
      from: "\"service@bank.example\" <sales@crook.example>", body: "Please call us back.")
    return DemoScene(
      title: "The display-name trick",
      story: "All is in order at crook.example, but the name shown is the bank's address.",
      message: try domains.crook.field(for: own, now: Self.now) + own,
      envelope: crookEnvelope(reversePath: "bounce@crook.example"))
  }
}
