public import Wire

/// A domain name as a term gives it, macros included (RFC 7208 §4.8, §7.1).
///
///     mobile-users._spf.%{d}
///
/// It ends in a top label of letters, digits and hyphens, not all digits, behind a dot, or in a
/// macro; one final dot may follow the label. What the rest expands to is not checked (§4.8).
public struct SPFDomainSpec: Hashable, Sendable {
  let macros: SPFMacroString
  /// The name, where no macro is in it and DNS allows it.
  public let fixedName: DomainName?

  init(_ macros: SPFMacroString) {
    self.macros = macros
    fixedName = macros.literal.flatMap { try? DomainName(anyOctets: $0) }
  }

  /// Whether what it expands to can differ from message to message.
  public var dependsOnMessage: Bool { macros.dependsOnMessage }

  /// Reads the rest of `text`.
  ///
  /// - Throws: `SyntaxError`; the offset of a bad end is that of the top label.
  init(parsing text: ByteCursor) throws(SyntaxError) {
    guard !text.isAtEnd else { throw text.error(.missing("domain")) }
    let macros = try SPFMacroString(parsing: text, as: .domainSpec)
    if !macros.endsInMacro { try Self.checkTopLabel(text) }
    self.init(macros)
  }

  /// `"." toplabel [ "." ]` at the end.
  private static func checkTopLabel(_ text: ByteCursor) throws(SyntaxError) {
    var end = text.end
    if end > text.offset, text.bytes[end - 1] == .dot { end -= 1 }
    var start = end
    while start > text.offset,
      text.bytes[start - 1].isAlphanumeric || text.bytes[start - 1] == .hyphen
    { start -= 1 }
    let label = text.bytes[start..<end]
    let isTopLabel =
      label.first?.isAlphanumeric == true && label.last?.isAlphanumeric == true
      && label.contains { !$0.isDigit }
    guard isTopLabel else { throw SyntaxError(.badValue("top label"), at: start) }
    guard start > text.offset, text.bytes[start - 1] == .dot else {
      throw SyntaxError(.missing("dot before the top label"), at: start)
    }
  }
}
