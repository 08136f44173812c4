/// Finds the cipher suite in what a TLS server sends first, which is in plaintext in every version
/// (RFC 8446 §4.1.3, §5.1; RFC 5246 §7.4.1.3).
///
/// swift-nio-ssl does not tell the suite. A HelloRetryRequest counts as well: the ServerHello behind
/// it must name the same suite (RFC 8446 §4.1.4). Nothing depends on the answer; a server that sends
/// something else fails in the handshake.
struct ServerHelloReader: Sendable {
  private static let handshakeRecord: UInt8 = 22
  private static let serverHello: UInt8 = 2
  /// Message header, version, random: what stands before the session identifier's length.
  private static let identifierPlace = 4 + 2 + 32

  /// The suite, once it is known.
  private(set) var suite: CipherSuite?
  /// Whether more octets can change anything.
  private(set) var isDone = false

  private var header: [UInt8] = []
  private var left = 0
  private var message: [UInt8] = []

  mutating func append(_ octets: some Sequence<UInt8>) {
    for octet in octets {
      guard !isDone else { return }
      take(octet)
    }
  }

  private mutating func take(_ octet: UInt8) {
    guard left == 0 else {
      left -= 1
      message.append(octet)
      look()
      return
    }
    header.append(octet)
    guard header.count == 5 else { return }
    left = Int(header[3]) << 8 | Int(header[4])
    // An alert, or no TLS at all; an empty fragment is none of the protocol's (§5.1).
    isDone = header[0] != Self.handshakeRecord || left == 0
    header = []
  }

  private mutating func look() {
    if message[0] != Self.serverHello {
      isDone = true
      return
    }
    guard message.count > Self.identifierPlace else { return }
    let place = Self.identifierPlace + 1 + Int(message[Self.identifierPlace])
    guard message.count == place + 2 else { return }
    suite = CipherSuite(code: UInt16(message[place]) << 8 | UInt16(message[place + 1]))
    isDone = true
  }
}
