public import Wire

/// An address without a name (`addr-spec`, RFC 5322 §3.4.1; `Mailbox`, RFC 5321 §4.1.2).
///
///     jdoe@example.com    "john doe"@example.com    用户@例子.example
///
/// Local parts are compared octet for octet, domains as DNS compares them.
public struct AddrSpec: Hashable, Sendable {
  /// What the local part means: without quotes, backslashes, comments and folds.
  public let localPart: [UInt8]
  /// The part after the `@`.
  public let domain: MailDomain

  /// - Throws: `SyntaxError` where the local part is not UTF-8 or holds a control octet. A tab too
  ///   is refused, which RFC 5322 would allow in quotes: SMTP cannot carry it.
  public init(localPart: [UInt8], domain: MailDomain) throws(SyntaxError) {
    if let place = localPart.firstIndex(where: \.isControl) {
      throw SyntaxError(.unexpectedByte, at: place)
    }
    try ByteCursor(localPart).requireUTF8()
    self.localPart = localPart
    self.domain = domain
  }
}

extension AddrSpec: CustomStringConvertible {
  /// The address as SMTP writes it, with the least quoting (RFC 5321 §4.1.2).
  public var description: String { "\(localPartText)@\(domain)" }

  /// The local part as SMTP writes it: in quotes where it is not atoms between dots.
  public var localPartText: String {
    let atoms = localPart.split(separator: .dot, omittingEmptySubsequences: false)
    if atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isAtext) }) { return localPart.text }
    var quoted: [UInt8] = [.doubleQuote]
    for byte in localPart {
      if byte == .doubleQuote || byte == .backslash { quoted.append(.backslash) }
      quoted.append(byte)
    }
    return (quoted + [.doubleQuote]).text
  }
}
