public import Wire

/// The TXT record by which a domain says who may send in its name (RFC 7208 §3, §4.5, §12).
///
///     v=spf1 +mx a:colo.example.com/28 -all
///
/// The ABNF of §12 is kept to the letter. Terms are separated by blanks only, names of mechanisms
/// and modifiers are read in any case, and one bad term makes the whole record invalid (§4.6).
/// Differences: `redirect=` and `exp=` with a bad value are errors and never unknown modifiers, as
/// the official test suite has it.
public struct SPFRecord: Hashable, Sendable {
  /// The record as published, its strings joined (§3.3).
  public let octets: [UInt8]
  /// In the order in which they are tested.
  public let directives: [SPFDirective]
  /// Whose record decides where no directive matches (§6.1). Ignored where the record has `all`.
  public let redirect: SPFModifier?
  /// `exp`: where the text for the sender of a refused message stands (§6.2).
  public let explanation: SPFModifier?
  /// Ignored in evaluation, whatever they are and however often they stand (§6).
  public let unknownModifiers: [SPFModifier]

  /// The longest record read: what fits in the data of one DNS record.
  public static let maximumLength = 65_535

  /// Whether a TXT record, its strings joined, is an SPF record at all (§4.5): `v=spf1` in any
  /// case, then a blank or the end.
  public static func isSPF(_ txt: [UInt8]) -> Bool {
    var cursor = ByteCursor(txt)
    return cursor.take(ignoringCase: "v=spf1") && (cursor.isAtEnd || cursor.peek == .blank)
  }

  /// - Throws: `SyntaxError` at the first octet of the part that breaks the grammar.
  public init(parsing txt: [UInt8]) throws(SyntaxError) {
    guard Self.isSPF(txt) else { throw SyntaxError(.wrongVersion, at: 0) }
    guard txt.count <= Self.maximumLength else {
      throw SyntaxError(.tooLong("record"), at: Self.maximumLength)
    }
    var terms = SPFTerms()
    var cursor = ByteCursor(txt)
    _ = cursor.take(count: 6)
    while !cursor.isAtEnd {
      _ = cursor.take { $0 == .blank }
      let start = cursor.offset
      _ = cursor.take { $0 != .blank }
      guard start < cursor.offset else { break }
      try terms.append(ByteCursor(txt, in: start..<cursor.offset))
    }
    octets = txt
    directives = terms.directives
    redirect = terms.redirect
    explanation = terms.explanation
    unknownModifiers = terms.unknownModifiers
  }

  /// Whether one of the directives is `all`, which makes `redirect` void (§5.1).
  public var hasAll: Bool { directives.contains { $0.mechanism == .all } }

  /// A term as published: `-ip4:192.0.2.0/24`.
  public func text(of range: Range<Int>) -> String {
    octets[range.clamped(to: 0..<octets.count)].printableText
  }
}

extension SPFRecord: CustomStringConvertible {
  /// The record as published; octets that are not printable US-ASCII become U+FFFD.
  public var description: String { octets.printableText }
}

extension Collection<UInt8> {
  /// The octets for people: what is not printable US-ASCII becomes U+FFFD, so that a record can
  /// not steer a terminal or break a header field.
  var printableText: String {
    if allSatisfy({ $0.isVisible || $0 == .blank }) { return text }
    return String(
      String.UnicodeScalarView(
        map { $0.isVisible || $0 == .blank ? Unicode.Scalar($0) : "\u{FFFD}" }))
  }
}
