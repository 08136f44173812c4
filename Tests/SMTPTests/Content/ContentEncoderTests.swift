import SMTP
import Testing

@Suite("Messages on the wire, RFC 5321 §4.5.2 and RFC 3030")
struct ContentEncoderTests {
  private func encode(
    _ pieces: [[UInt8]], _ form: ContentEncoder.Form, _ rule: LoneLineEnds = .refuse,
    allowsEightBit: Bool = true
  ) throws(ContentFault) -> [UInt8] {
    var encoder = ContentEncoder(form, loneLineEnds: rule, allowsEightBit: allowsEightBit)
    var output: [UInt8] = []
    for piece in pieces { try encoder.encode(piece, into: &output) }
    try encoder.finish(into: &output)
    return output
  }

  static let dotted: [(String, String)] = [
    ("a\r\n", "a\r\n.\r\n"),
    ("", ".\r\n"),
    // §4.1.1.4: a last line without its end gets one.
    ("a", "a\r\n.\r\n"),
    // §4.5.2: dots at the start of lines, and only there.
    (".\r\n", "..\r\n.\r\n"),
    ("..\r\n", "...\r\n.\r\n"),
    (".a\r\nb.\r\n.c", "..a\r\nb.\r\n..c\r\n.\r\n"),
    ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
    ("\r\n\r\n", "\r\n\r\n.\r\n"),
    ("\0\u{7F}ä\r\n", "\0\u{7F}ä\r\n.\r\n"),
  ]

  @Test("double their dots, however they are cut", arguments: dotted)
  func doublesDots(message: String, wire: String) throws {
    let octets = Array(message.utf8)
    var cuttings = [[octets], octets.map { [$0] }, [octets, []]]
    for place in octets.indices {
      cuttings.append([Array(octets[..<place]), Array(octets[place...])])
    }
    for pieces in cuttings {
      #expect(try encode(pieces, .dotted) == Array(wire.utf8))
      #expect(try encode(pieces, .dotted, .normalise) == Array(wire.utf8))
    }
  }

  /// The ends of a message that some servers see and others do not (CVE-2023-51764 and its kin),
  /// with where the first fault is, and what `normalise` makes of them.
  static let smuggled: [(String, ContentFault, String)] = [
    ("a\n.\nb", .bareLineFeed(at: 1), "a\r\n..\r\nb\r\n.\r\n"),
    ("a\r.\rb", .bareCarriageReturn(at: 1), "a\r\n..\r\nb\r\n.\r\n"),
    ("a\n.\r\nb", .bareLineFeed(at: 1), "a\r\n..\r\nb\r\n.\r\n"),
    ("a\r\n.\nb", .bareLineFeed(at: 4), "a\r\n..\r\nb\r\n.\r\n"),
    ("a\r\n.\rb", .bareCarriageReturn(at: 4), "a\r\n..\r\nb\r\n.\r\n"),
    ("a\r\r\n.\r\n", .bareCarriageReturn(at: 1), "a\r\n\r\n..\r\n.\r\n"),
    ("\n", .bareLineFeed(at: 0), "\r\n.\r\n"),
    ("\r", .bareCarriageReturn(at: 0), "\r\n.\r\n"),
    ("a\r\n\r", .bareCarriageReturn(at: 3), "a\r\n\r\n.\r\n"),
    ("a\n\r\n", .bareLineFeed(at: 1), "a\r\n\r\n.\r\n"),
  ]

  @Test("never carry a lone CR or LF, nor an end before their end", arguments: smuggled)
  func refusesLoneLineEnds(message: String, fault: ContentFault, normalised: String) throws {
    let octets = Array(message.utf8)
    for pieces in [[octets], octets.map({ [$0] })] {
      #expect(throws: fault) { try encode(pieces, .dotted) }
      #expect(throws: fault) { try encode(pieces, .lines) }
      #expect(try encode(pieces, .dotted, .normalise) == Array(normalised.utf8))
    }
    #expect(!fault.description.isEmpty)
  }

  @Test("by BDAT have lines but no dots")
  func leavesDots() throws {
    #expect(try encode([Array(".a\r\n.\r\nb".utf8)], .lines) == Array(".a\r\n.\r\nb\r\n".utf8))
    #expect(try encode([], .lines) == [])
    #expect(try encode([Array("a\nb".utf8)], .lines, .normalise) == Array("a\r\nb\r\n".utf8))
  }

  @Test("of binary octets are left alone")
  func leavesBinary() throws {
    let octets: [UInt8] = [0, 13, 46, 10, 10, 46, 255, 13]
    #expect(try encode([octets], .binary) == octets)
    #expect(try encode([octets], .binary, .normalise) == octets)
  }

  @Test("declared 7-bit hold no 8-bit octet (RFC 6152 §3)")
  func refusesEightBit() throws {
    #expect(throws: ContentFault.eightBitOctet(at: 4)) {
      try encode([Array("a\r\nb".utf8), [0x80]], .dotted, allowsEightBit: false)
    }
    #expect(try encode([[0x7F]], .dotted, allowsEightBit: false) == [0x7F, 13, 10, 46, 13, 10])
  }

  /// Whatever goes in: behind the encoder, CR and LF stand only together, and a line that is a dot
  /// is the last.
  @Test("of every short text over the dangerous octets are safe")
  func exhaustive() throws {
    let alphabet: [UInt8] = [13, 10, 46, 97]
    var texts: [[UInt8]] = [[]]
    for _ in 0..<6 {
      texts = [[]] + texts.flatMap { text in alphabet.map { text + [$0] } }
    }
    var count = 0
    for text in Set(texts) {
      let wire = try encode([text], .dotted, .normalise)
      let lines = wire.split(separator: 10, omittingEmptySubsequences: false)
      #expect(lines.last == [])
      let ends = lines.dropLast()
      #expect(ends.allSatisfy { $0.last == 13 && !$0.dropLast().contains(13) }, "\(text)")
      #expect(ends.firstIndex { $0.elementsEqual([46, 13]) } == ends.indices.last, "\(text)")
      count += 1
    }
    #expect(count == 5461)
  }
}
