/// The base 64 encoding (RFC 4648 §4), in the two readings that the standards here ask for.
public enum Base64 {
  /// How faithfully the text must be written.
  public enum Form: Sendable {
    /// RFC 4648 §3: padded, no other octets, unused bits zero. One octet string, one text.
    case strict
    /// `base64string` of RFC 6376 §2.10: blanks and folds anywhere, padding may be absent,
    /// unused bits are not looked at.
    case ignoringWhitespace
  }

  /// The octets that `text` stands for.
  ///
  /// - Throws: `SyntaxError` at the first octet that the form does not allow.
  public static func decode(
    _ text: some Collection<UInt8>, _ form: Form
  ) throws(SyntaxError) -> [UInt8] {
    try decode(Array(text), form)
  }

  /// The same for octets that are an array already.
  public static func decode(_ text: [UInt8], _ form: Form) throws(SyntaxError) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count / 4 * 3 + 3)
    var bits: UInt32 = 0
    var symbols = 0
    var padding = 0
    var offset = -1
    for byte in text {
      offset += 1
      if byte == .equals {
        padding += 1
        guard symbols >= 2, symbols + padding <= 4 else {
          throw SyntaxError(.unexpectedByte, at: offset)
        }
        continue
      }
      guard let value = value(of: byte) else {
        if form == .ignoringWhitespace, byte.isFoldingWhitespace { continue }
        throw SyntaxError(.unexpectedByte, at: offset)
      }
      guard padding == 0 else { throw SyntaxError(.leftover, at: offset) }
      bits = bits << 6 | UInt32(value)
      symbols += 1
      if symbols == 4 {
        output.append(UInt8(truncatingIfNeeded: bits >> 16))
        output.append(UInt8(truncatingIfNeeded: bits >> 8))
        output.append(UInt8(truncatingIfNeeded: bits))
        bits = 0
        symbols = 0
      }
    }
    try finish(&output, bits, symbols, padding, form, at: offset + 1)
    return output
  }

  private static func finish(
    _ output: inout [UInt8], _ bits: UInt32, _ symbols: Int, _ padding: Int, _ form: Form,
    at end: Int
  ) throws(SyntaxError) {
    guard symbols != 1 else { throw SyntaxError(.unexpectedEnd, at: end) }
    guard symbols != 0 else { return }
    let padded = symbols + padding == 4
    let unused = symbols == 2 ? bits & 0xF : bits & 0x3
    switch form {
    case .strict:
      guard padded else { throw SyntaxError(.unexpectedEnd, at: end) }
      guard unused == 0 else { throw SyntaxError(.badValue("base64"), at: end - 1) }
    case .ignoringWhitespace:
      guard padded || padding == 0 else { throw SyntaxError(.unexpectedEnd, at: end) }
    }
    if symbols == 2 {
      output.append(UInt8(truncatingIfNeeded: bits >> 4))
    } else {
      output.append(UInt8(truncatingIfNeeded: bits >> 10))
      output.append(UInt8(truncatingIfNeeded: bits >> 2))
    }
  }

  @inline(__always)
  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte &- 0x41
    case 0x61...0x7A: byte &- 0x61 &+ 26
    case 0x30...0x39: byte &- 0x30 &+ 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The padded text of `octets`, on one line.
  public static func encode(_ octets: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    var bits: UInt32 = 0
    var held = 0
    for octet in octets {
      bits = bits << 8 | UInt32(octet)
      held += 1
      if held == 3 {
        for shift in [18, 12, 6, 0] as [UInt32] { text.append(symbol(bits >> shift)) }
        bits = 0
        held = 0
      }
    }
    if held == 1 {
      text += [symbol(bits >> 2), symbol(bits << 4), .equals, .equals]
    } else if held == 2 {
      text += [symbol(bits >> 10), symbol(bits >> 4), symbol(bits << 2), .equals]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func symbol(_ bits: UInt32) -> UInt8 { alphabet[Int(bits & 0x3F)] }
}
