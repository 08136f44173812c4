public import Mail
public import Wire

/// One mail transaction as a client wants it: who it is from and for, and what it needs of the
/// server (RFC 5321 §3.3).
///
///     MAIL FROM:<user@example.com> SIZE=1024 BODY=8BITMIME REQUIRETLS
public struct OutgoingEnvelope: Hashable, Sendable {
  /// What octets the message consists of (RFC 6152 §3, RFC 3030 §3).
  public enum BodyType: String, Hashable, Sendable, CaseIterable {
    /// US-ASCII in lines.
    case sevenBit = "7BIT"
    /// Any octet, in lines.
    case eightBitMIME = "8BITMIME"
    /// Any octet, not necessarily in lines.
    case binaryMIME = "BINARYMIME"
  }

  /// How much of the message a notification of failure returns (RFC 3461 §4.3).
  public enum ReturnedContent: String, Hashable, Sendable, CaseIterable {
    case full = "FULL"
    case header = "HDRS"
  }

  /// Where notifications of failure go.
  public let reversePath: ReversePath
  /// Who gets it, in this order; results come in the same.
  public let recipients: [OutgoingRecipient]
  /// What the message's octets are.
  public var body: BodyType
  /// Octets of the message as sent, without the dots that protect lines (RFC 1870 §3).
  public var size: UInt64?
  /// Whether the message's header holds UTF-8. Addresses that do are noticed without this
  /// (RFC 6531 §3.4).
  public var hasInternationalHeader: Bool
  /// Whether the message may only go where TLS is required on (RFC 8689 §4.2.1).
  public var requiresTLS: Bool
  /// How much of the message comes back (RFC 3461 §4.3).
  public var returnedContent: ReturnedContent?
  /// The sender's own mark on the message (RFC 3461 §4.4).
  public let envelopeID: String?

  /// An envelope of these parts.
  ///
  /// - Throws: `SyntaxError` for what SMTP cannot carry: a control octet, a path of more than
  ///   1,024 octets, a domain literal that is no address, an envelope identifier that is not printable US-ASCII of at most 100
  ///   (RFC 3461 §4.4), no recipient.
  public init(
    from reversePath: ReversePath, to recipients: [OutgoingRecipient],
    body: BodyType = .sevenBit, size: UInt64? = nil, hasInternationalHeader: Bool = false,
    requiresTLS: Bool = false, returnedContent: ReturnedContent? = nil, envelopeID: String? = nil
  ) throws(SyntaxError) {
    if case .mailbox(let address) = reversePath {
      try CommandText.check(address, as: "reverse path")
    }
    if let envelopeID {
      try CommandText.check(XText.encode(envelopeID), upTo: 100, as: "envelope identifier")
      guard envelopeID.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
        throw SyntaxError(.badValue("envelope identifier"), at: 0)
      }
    }
    guard !recipients.isEmpty else { throw SyntaxError(.missing("recipient"), at: 0) }
    self.reversePath = reversePath
    self.recipients = recipients
    self.body = body
    self.size = size
    self.hasInternationalHeader = hasInternationalHeader
    self.requiresTLS = requiresTLS
    self.returnedContent = returnedContent
    self.envelopeID = envelopeID
  }

  /// Whether any part needs SMTPUTF8.
  var isInternational: Bool {
    hasInternationalHeader || reversePath.description.utf8.contains(where: \.isNonASCII)
      || recipients.contains(where: \.isInternational)
  }

  /// The MAIL command. What the server lacks and the message needs has been refused before.
  func command(_ offered: ServiceExtensions, mayRequireTLS: Bool) -> String {
    var command = "MAIL FROM:\(reversePath)"
    if let size, offered.contains(.size) { command += " SIZE=\(size)" }
    if body != .sevenBit { command += " BODY=\(body.rawValue)" }
    if isInternational { command += " SMTPUTF8" }
    if requiresTLS, mayRequireTLS { command += " REQUIRETLS" }
    guard offered.contains(.dsn) else { return command }
    // RFC 8689 §5: with REQUIRETLS, RET=FULL is as good as RET=HDRS; it is not asked for.
    let returned = requiresTLS && returnedContent == .full ? .header : returnedContent
    if let returned { command += " RET=\(returned.rawValue)" }
    if let envelopeID { command += " ENVID=\(XText.encode(envelopeID))" }
    return command
  }
}
