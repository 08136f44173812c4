internal import Wire

/// What a server said that it can do (RFC 5321 §4.1.1.1, `ehlo-line`).
///
///     250-mx.example.com
///     250-SIZE 52428800
///     250 PIPELINING
public struct ServiceExtensions: Hashable, Sendable {
  /// An extension that this client knows.
  public enum Extension: String, Hashable, Sendable, CaseIterable {
    /// RFC 6152.
    case eightBitMIME = "8BITMIME"
    /// RFC 6531.
    case smtpUTF8 = "SMTPUTF8"
    /// RFC 1870.
    case size = "SIZE"
    /// RFC 2920.
    case pipelining = "PIPELINING"
    /// RFC 3030 §2.
    case chunking = "CHUNKING"
    /// RFC 3030 §3.
    case binaryMIME = "BINARYMIME"
    /// RFC 3461.
    case dsn = "DSN"
    /// RFC 2034.
    case enhancedStatusCodes = "ENHANCEDSTATUSCODES"
    /// RFC 3207.
    case startTLS = "STARTTLS"
    /// RFC 4954.
    case auth = "AUTH"
    /// RFC 8689.
    case requireTLS = "REQUIRETLS"
    /// RFC 2852.
    case deliverBy = "DELIVERBY"
  }

  /// One line of the reply.
  public struct Line: Hashable, Sendable {
    /// The keyword in capitals.
    public let keyword: String
    /// What follows it, as sent.
    public let parameters: [String]
  }

  /// The lines that are extensions, in the order in which they came, known or not.
  public let lines: [Line]
  private let known: Set<Extension>

  /// What a server can do that answered HELO, or nothing yet.
  public static let none = ServiceExtensions(lines: [])

  private init(lines: [Line]) {
    self.lines = lines
    known = Set(lines.compactMap { Extension(rawValue: $0.keyword) })
  }

  /// The extensions of a reply to EHLO or LHLO. Lines that break the grammar are not extensions.
  package init(reply: SMTPReply) {
    self.init(lines: reply.lines.dropFirst().compactMap(Self.line))
  }

  /// Whether the server offers it.
  public func contains(_ wanted: Extension) -> Bool { known.contains(wanted) }

  /// The largest message that the server takes, in octets; nil where it does not say, or says 0
  /// (RFC 1870 §4).
  public var sizeLimit: UInt64? {
    let text = lines.first { $0.keyword == Extension.size.rawValue }?.parameters.first
    guard let text, text.utf8.allSatisfy(\.isDigit), text.utf8.count <= 20,
      let limit = UInt64(text), limit > 0
    else { return nil }
    return limit
  }

  /// SASL mechanisms in capitals. Some servers repeat them in the form `AUTH=LOGIN PLAIN`, which
  /// clients older than RFC 4954 expect; that counts too.
  public var authenticationMechanisms: Set<String> {
    Set(
      lines.filter { $0.keyword == Extension.auth.rawValue }.flatMap(\.parameters)
        .map { $0.uppercased() })
  }

  private static func line(_ text: [UInt8]) -> Line? {
    var cursor = ByteCursor(text)
    let keyword = cursor.take { $0.isAlphanumeric || $0 == .hyphen }
    guard let first = keyword.first, first.isAlphanumeric else { return nil }
    let isOldAuth = keyword.equalsIgnoringCase("auth") && cursor.take(.equals)
    guard isOldAuth || cursor.isAtEnd || cursor.take(.blank) else { return nil }
    let parameters = cursor.bytes[cursor.offset..<cursor.end]
      .split(separator: .blank).map { Array($0) }
    guard parameters.allSatisfy({ $0.allSatisfy(\.isVisible) }) else { return nil }
    return Line(keyword: keyword.text.uppercased(), parameters: parameters.map(\.text))
  }
}
