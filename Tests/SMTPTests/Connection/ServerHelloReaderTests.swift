import Testing

@testable import SMTP

@Suite("ServerHello, RFC 8446 §4.1.3")
struct ServerHelloReaderTests {
  /// A ServerHello with a session identifier of so many octets, cut into records of `size`.
  private func records(identifier: Int, suite: [UInt8], size: Int) -> [UInt8] {
    let body =
      [3, 3] + [UInt8](repeating: 7, count: 32) + [UInt8(identifier)]
      + [UInt8](repeating: 9, count: identifier) + suite + [0]
    var message: [UInt8] = [2, 0, 0, UInt8(body.count)] + body
    var octets: [UInt8] = []
    while !message.isEmpty {
      let piece = message.prefix(size)
      octets += [22, 3, 3, 0, UInt8(piece.count)] + piece
      message.removeFirst(piece.count)
    }
    return octets
  }

  @Test("tells the suite, however it is cut", arguments: [0, 1, 32], [1, 5, 40, 200])
  func reads(identifier: Int, size: Int) {
    let octets = records(identifier: identifier, suite: [0xC0, 0x2B], size: size)
    var whole = ServerHelloReader()
    whole.append(octets)
    #expect(whole.suite?.code == 0xC02B)
    var dripped = ServerHelloReader()
    for octet in octets { dripped.append([octet]) }
    #expect(dripped.suite?.code == 0xC02B)
    #expect(dripped.isDone)
    var short = ServerHelloReader()
    short.append(records(identifier: identifier, suite: [0xC0], size: size).dropLast(2))
    #expect(short.suite == nil)
  }

  @Test(
    "is not read out of anything else",
    arguments: [
      [21, 3, 3, 0, 2, 2, 40], [22, 3, 3, 0, 0], [22, 3, 3, 0, 1, 1], Array("220 hello".utf8),
      [UInt8](repeating: 255, count: 100),
    ] as [[UInt8]])
  func gives(octets: [UInt8]) {
    var reader = ServerHelloReader()
    reader.append(octets)
    #expect(reader.suite == nil)
    #expect(reader.isDone)
  }

  @Test("names suites, or numbers them")
  func names() {
    #expect(CipherSuite(code: 0x1301).description == "TLS_AES_128_GCM_SHA256")
    #expect(CipherSuite(code: 0x9999).description == "0x9999")
  }
}
