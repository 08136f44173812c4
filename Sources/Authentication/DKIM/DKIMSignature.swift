public import Wire

/// A DKIM-Signature field (RFC 6376 §3.5; U-labels by RFC 8616 §5).
///
///     v=1; a=rsa-sha256; c=relaxed/simple; d=example.net; s=brisbane; i=@eng.example.net;
///      h=from:to:subject; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=dzdVyOfAKCdL…
///
/// What the grammar decides is decided here: a signature that breaks it is never looked at
/// further. What it says of keys, times and domains is the verifier's business.
public struct DKIMSignature: Hashable, Sendable {
  /// What it shares with an ARC-Message-Signature.
  public let signature: MessageSignature
  /// `i=`: on whose behalf; the domain is at or below `d=` in a valid signature.
  public let identity: Identity
  /// `q=`: ways to get the key; `dns/txt` is the only one defined.
  public let queryMethods: [String]

  /// `i=` (§3.5): `[ Local-part ] "@" domain-name`.
  public struct Identity: Hashable, Sendable {
    /// Decoded from `dkim-quoted-printable`; empty where it is not given.
    public let localPart: [UInt8]
    /// The part after the `@`: at or below `d=` (RFC 6376 §3.5).
    public let domain: DomainName
  }

  /// Unknown tags are passed over; a tag given twice is an error (§3.2).
  ///
  /// - Parameter fieldValue: what follows the colon, with its folds and without the last line end.
  /// - Throws: `SyntaxError` at the tag.
  public init(parsing fieldValue: some Collection<UInt8>) throws(SyntaxError) {
    let octets = Array(fieldValue)
    let tags = try TagList(parsing: octets)
    guard let version = tags["v"] else { throw SyntaxError(.missing("tag v"), at: octets.count) }
    guard version.value.elementsEqual("1".utf8) else {
      throw SyntaxError(.wrongVersion, at: version.offset)
    }
    signature = try MessageSignature(tags, end: octets.count)
    identity = try Self.identity(tags, default: signature.signingDomain)
    queryMethods =
      tags["q"]?.value.split(separator: .colon, omittingEmptySubsequences: false)
      .map { $0.trimmingFoldingWhitespace.text } ?? ["dns/txt"]
  }

  private static func identity(
    _ tags: TagList, default domain: DomainName
  ) throws(SyntaxError) -> Identity {
    guard let tag = tags["i"] else { return Identity(localPart: [], domain: domain) }
    let bad = SyntaxError(.badValue("tag i"), at: tag.offset)
    let value = tag.compactValue
    guard let at = value.lastIndex(of: .at), let localPart = unquote(value[..<at]),
      let domain = try? DomainName(parsing: value[(at + 1)...])
    else { throw bad }
    return Identity(localPart: localPart, domain: domain)
  }

  /// `dkim-quoted-printable` (§2.11): `=` and two capital hexadecimal digits stand for an octet.
  static func unquote(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var cursor = ByteCursor(Array(text))
    var octets: [UInt8] = []
    while let byte = cursor.next() {
      guard byte == .equals else {
        octets.append(byte)
        continue
      }
      guard let high = hexDigit(cursor.next()), let low = hexDigit(cursor.next()) else {
        return nil
      }
      octets.append(high << 4 | low)
    }
    return octets
  }

  /// "no lowercase characters permitted"
  private static func hexDigit(_ byte: UInt8?) -> UInt8? {
    guard let byte, byte.isDigit || byte != byte.lowercasedASCII else { return nil }
    return byte.hexValue
  }
}

extension DKIMSignature.Identity: CustomStringConvertible {
  /// As RFC 8601 §2.7.1 shows `header.i`: octets that may not stand in a local part are `?`.
  public var description: String {
    let local = localPart.map { $0.isVisible || $0.isNonASCII ? $0 : UInt8(ascii: "?") }
    return "\(local.text)@\(domain)"
  }
}
