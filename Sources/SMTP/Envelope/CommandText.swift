internal import Mail
internal import Wire

/// Text that is put into a command: bounded, and without an octet that could end the line or the
/// path.
///
/// RFC 5321 §4.5.3.1.3 gives paths 256 octets; longer ones are in use (rewritten senders), so
/// that 1,024 are sent and the server decides.
enum CommandText {
  static let maximumPathOctets = 1024

  static func check(_ text: String, upTo maximum: Int, as part: String) throws(SyntaxError) {
    let octets = Array(text.utf8)
    if let place = octets.firstIndex(where: \.isControl) {
      throw SyntaxError(.unexpectedByte, at: place)
    }
    guard octets.count <= maximum else { throw SyntaxError(.tooLong(part), at: maximum) }
  }

  /// An address as it stands in a path. What a domain literal may hold is confined to what
  /// addresses are written with (RFC 5321 §4.1.3): a `>` in one would end the path for some.
  static func check(_ address: AddrSpec, as part: String) throws(SyntaxError) {
    try check("<\(address)>", upTo: maximumPathOctets, as: part)
    guard case .literal(let text) = address.domain else { return }
    guard !text.isEmpty else { throw SyntaxError(.missing("address literal"), at: 0) }
    let place = Array(text.utf8).firstIndex {
      !($0.isAlphanumeric || $0 == .colon || $0 == .dot || $0 == .hyphen)
    }
    if let place { throw SyntaxError(.badValue("address literal"), at: place) }
  }
}
