public import Mail
public import Wire

/// One recipient of a message, with what the sender wants to be told of it (RFC 3461 §4.1, §4.2).
///
///     RCPT TO:<user@example.com> NOTIFY=FAILURE,DELAY ORCPT=rfc822;user@example.com
public struct OutgoingRecipient: Hashable, Sendable {
  /// The events of which the sender wants notifications; `NOTIFY=NEVER` is the empty set.
  public struct Notifications: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It was delivered.
    public static let success = Notifications(rawValue: 1)
    /// It could not be delivered.
    public static let failure = Notifications(rawValue: 2)
    /// It is late.
    public static let delay = Notifications(rawValue: 4)
  }

  /// Where the copy goes.
  public let path: ForwardPath
  /// What the sender asked to be told; nil where nothing was said.
  public let notifications: Notifications?
  /// The recipient as the sender first wrote it.
  public let originalRecipient: AddrSpec?

  /// A recipient of these parts.
  ///
  /// - Throws: `SyntaxError` for an address that SMTP cannot carry: a control octet, more than
  ///   1,024 octets, a domain literal that is no address.
  public init(
    _ path: ForwardPath, notifications: Notifications? = nil, originalRecipient: AddrSpec? = nil
  ) throws(SyntaxError) {
    if case .mailbox(let address) = path { try CommandText.check(address, as: "forward path") }
    if let originalRecipient {
      try CommandText.check(originalRecipient, as: "original recipient")
    }
    self.path = path
    self.notifications = notifications
    self.originalRecipient = originalRecipient
  }

  /// Reads an address, with or without angle brackets.
  ///
  /// - Throws: `SyntaxError` where `text` is no path, or the null path.
  public init(parsing text: String) throws(SyntaxError) {
    switch try ReversePath(parsing: text) {
    case .null: throw SyntaxError(.missing("mailbox"), at: 0)
    case .mailbox(let address): try self.init(.mailbox(address))
    }
  }

  /// Whether RCPT needs SMTPUTF8 (RFC 6531 §3.3).
  var isInternational: Bool { path.description.utf8.contains(where: \.isNonASCII) }

  /// The command; parameters only where the server offers DSN.
  func command(_ offered: ServiceExtensions) -> String {
    var command = "RCPT TO:\(path)"
    guard offered.contains(.dsn) else { return command }
    if let notifications { command += " NOTIFY=\(Self.text(of: notifications))" }
    if let originalRecipient { command += " ORCPT=\(Self.text(of: originalRecipient))" }
    return command
  }

  private static func text(of notifications: Notifications) -> String {
    let events: [(Notifications, String)] = [
      (.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY"),
    ]
    let wanted = events.filter { notifications.contains($0.0) }.map(\.1)
    return wanted.isEmpty ? "NEVER" : wanted.joined(separator: ",")
  }

  /// RFC 3461 §4.2; beyond US-ASCII the 7-bit form of RFC 6533 §3, which any server may be sent.
  private static func text(of address: AddrSpec) -> String {
    let text = address.description
    guard text.utf8.contains(where: \.isNonASCII) else { return "rfc822;" + XText.encode(text) }
    return "utf-8;" + XText.encodeUnicode(text)
  }
}
