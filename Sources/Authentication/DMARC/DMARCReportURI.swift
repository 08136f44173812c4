public import Wire

/// One destination of reports (RFC 9989 §4.6, `dmarc-uri` and `obs-dmarc-uri` of §4.8).
///
///     mailto:reports@example.com
///     mailto:reports@example.com!50m
///
/// Any valid URI is kept; only `mailto` is taken apart. One of another scheme is valid, but those
/// who send reports ignore it where they cannot use it.
public struct DMARCReportURI: Hashable, Sendable {
  /// The URI without the obsolete size limit.
  public let text: String
  /// In small letters, without the colon.
  public let scheme: String
  /// For `mailto` the mailbox, percent-decoded; nil for other schemes.
  public let mailbox: Mailbox?
  /// The host to which the report goes: the mailbox's domain, or that of the authority; nil where
  /// there is none.
  public let host: DomainName?
  /// The limit of RFC 7489 §6.2 in octets, which RFC 9989 tells reporters to ignore.
  public let obsoleteMaximumSize: UInt64?

  /// Where mail goes to. Neither part holds a blank, a control octet or an angle bracket, so the
  /// address can stand in an SMTP command.
  public struct Mailbox: Hashable, Sendable {
    /// The part before the `@`.
    public let localPart: String
    /// The part after it.
    public let domain: DomainName
    /// Both with the `@` between.
    public var address: String { "\(localPart)@\(domain)" }
  }

  /// Reads one entry of `rua` or `ruf`.
  ///
  /// - Throws: `SyntaxError` where it is no URI of RFC 3986, holds a comma or an exclamation mark,
  ///   or is a `mailto` without a single mailbox.
  public init(parsing octets: [UInt8]) throws(SyntaxError) {
    var cursor = ByteCursor(octets)
    guard cursor.peek?.isAlpha == true else { throw cursor.unexpected }
    scheme =
      cursor.take { $0.isAlphanumeric || [.plus, .hyphen, .dot].contains($0) }
      .lowercasedASCIIText
    guard cursor.take(.colon) else { throw cursor.unexpected }
    let rest = try Self.takeCharacters(&cursor)
    text = octets[..<cursor.offset].text
    obsoleteMaximumSize = try Self.takeSize(&cursor)
    try cursor.requireEnd()
    mailbox = scheme == "mailto" ? try Self.mailbox(of: rest) : nil
    host = mailbox?.domain ?? Self.host(ofAuthorityIn: rest)
  }

  /// All that may follow the scheme (RFC 3986 §2), up to an exclamation mark.
  private static func takeCharacters(
    _ cursor: inout ByteCursor
  ) throws(SyntaxError) -> ArraySlice<UInt8> {
    let start = cursor.offset
    while let byte = cursor.peek, byte != .exclamationMark {
      if cursor.take(.percent) {
        guard cursor.takeOne(where: \.isHexDigit) != nil,
          cursor.takeOne(where: \.isHexDigit) != nil
        else { throw cursor.unexpected }
      } else {
        guard isURICharacter(byte) else { throw cursor.unexpected }
        _ = cursor.next()
      }
    }
    guard cursor.offset > start else { throw cursor.error(.missing("URI")) }
    return cursor.bytes[start..<cursor.offset]
  }

  private static func isURICharacter(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || "-._~:/?#[]@$&'()*+;=".utf8.contains(byte)
  }

  /// `obs-dmarc-report-size`; a number too large for 64 bits counts as no limit.
  private static func takeSize(_ cursor: inout ByteCursor) throws(SyntaxError) -> UInt64? {
    guard cursor.take(.exclamationMark) else { return nil }
    let digits = cursor.take(while: \.isDigit)
    guard !digits.isEmpty else { throw cursor.error(.badValue("size")) }
    let unit = cursor.takeOne { "kmgt".utf8.contains($0.lowercasedASCII) }
    let power = unit.flatMap { Array("kmgt".utf8).firstIndex(of: $0.lowercasedASCII) }
    guard let count = UInt64(digits.text) else { return nil }
    let (size, overflow) = count.multipliedReportingOverflow(
      by: 1 << UInt64(power.map { 10 * ($0 + 1) } ?? 0))
    return overflow ? nil : size
  }

  /// The one address before `?` (RFC 6068 §2).
  private static func mailbox(of rest: ArraySlice<UInt8>) throws(SyntaxError) -> Mailbox {
    let error = SyntaxError(.badValue("mailbox"), at: rest.startIndex)
    let address = decoded(rest.prefix { $0 != .questionMark })
    guard let at = address.lastIndex(of: .at), at > 0,
      let localPart = String(validating: address[..<at], as: UTF8.self),
      address[..<at].allSatisfy({ isMailboxOctet($0) }),
      let domain = try? DomainName(parsing: address[(at + 1)...])
    else { throw error }
    return Mailbox(localPart: localPart, domain: domain)
  }

  /// Neither blanks, controls nor brackets: the report's sender puts the address in a command.
  private static func isMailboxOctet(_ byte: UInt8) -> Bool {
    (byte.isVisible || byte.isNonASCII) && !"<>@,".utf8.contains(byte)
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var cursor = ByteCursor(Array(text))
    var octets: [UInt8] = []
    while let byte = cursor.next() {
      if byte == .percent, let high = cursor.next()?.hexValue, let low = cursor.next()?.hexValue {
        octets.append(high << 4 | low)
      } else {
        octets.append(byte)
      }
    }
    return octets
  }

  private static func host(ofAuthorityIn rest: ArraySlice<UInt8>) -> DomainName? {
    guard rest.starts(with: [.slash, .slash]) else { return nil }
    let authority = rest.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
    let afterUser = authority.lastIndex(of: .at).map { authority[($0 + 1)...] } ?? authority
    return try? DomainName(parsing: afterUser.prefix { $0 != .colon })
  }
}

extension UInt8 {
  fileprivate static let percent: UInt8 = 0x25
  fileprivate static let exclamationMark: UInt8 = 0x21
  fileprivate static let questionMark: UInt8 = 0x3F
  fileprivate static let plus: UInt8 = 0x2B
}
