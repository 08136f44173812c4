import Mail
import SMTP
import Testing
import Wire

@Suite("Envelopes, RFC 5321 §3.3 and its extensions")
struct EnvelopeTests {
  private func address(_ local: String, _ domain: MailDomain) throws -> AddrSpec {
    try AddrSpec(localPart: Array(local.utf8), domain: domain)
  }

  @Test(
    "refuse what could end the line or the path",
    arguments: [
      "a\r\nRCPT TO:<x@y", "a\n", "a\r", "a\0", "1.2.3.4]>", "x> SIZE=1", "IPv6:::1 ", "a\u{7F}",
      "ä", "",
    ])
  func refusesInjection(literal: String) throws {
    // A domain literal is the only part of an address that its own type does not confine.
    let address = try address("a", .literal(literal))
    #expect(throws: SyntaxError.self) { try OutgoingRecipient(.mailbox(address)) }
    #expect(throws: SyntaxError.self) {
      let recipient = try OutgoingRecipient(parsing: "b@example.com")
      return try OutgoingEnvelope(from: .mailbox(address), to: [recipient])
    }
    #expect(throws: SyntaxError.self) {
      try OutgoingRecipient(.postmaster, originalRecipient: address)
    }
  }

  @Test(
    "refuse a local part with a control octet by its type", arguments: ["a\r\nb", "a\nb", "a\0b"])
  func refusesLocalParts(local: String) {
    #expect(throws: SyntaxError.self) {
      try self.address(local, .name(DomainName(parsing: "example.com")))
    }
  }

  @Test("take literals that are addresses", arguments: ["192.0.2.1", "IPv6:2001:db8::1", "x-y:z"])
  func takesLiterals(literal: String) throws {
    let recipient = try OutgoingRecipient(.mailbox(try address("a", .literal(literal))))
    #expect(recipient.path.description == "<a@[\(literal)]>")
  }

  @Test("bound their paths at 1,024 octets")
  func boundsPaths() throws {
    let domain = MailDomain.name(try DomainName(parsing: "example.com"))
    let local = { (count: Int) in String(repeating: "a", count: count - "<@example.com>".count) }
    #expect(try OutgoingRecipient(.mailbox(address(local(1024), domain))).notifications == nil)
    #expect(throws: SyntaxError(.tooLong("forward path"), at: 1024)) {
      try OutgoingRecipient(.mailbox(self.address(local(1025), domain)))
    }
  }

  @Test(
    "bound the envelope identifier at 100 octets of xtext (RFC 3461 §4.4)",
    arguments: [
      (String(repeating: "a", count: 100), true), (String(repeating: "a", count: 101), false),
      (String(repeating: "+", count: 33), true), (String(repeating: "+", count: 34), false),
      ("a\r\nb", false), ("ä", false), ("a b", true),
    ])
  func boundsIdentifier(identifier: String, isGood: Bool) throws {
    let recipient = try OutgoingRecipient(parsing: "b@example.com")
    let envelope = try? OutgoingEnvelope(from: .null, to: [recipient], envelopeID: identifier)
    #expect((envelope != nil) == isGood)
  }

  @Test("have a recipient, and each has a mailbox")
  func needsRecipients() {
    #expect(throws: SyntaxError(.missing("recipient"), at: 0)) {
      try OutgoingEnvelope(from: .null, to: [])
    }
    #expect(throws: SyntaxError(.missing("mailbox"), at: 0)) {
      try OutgoingRecipient(parsing: "<>")
    }
    #expect(throws: SyntaxError.self) { try OutgoingRecipient(parsing: "a@b\r\nDATA") }
  }
}
