public import Wire

/// Where a name server listens.
///
///     192.0.2.53    192.0.2.53:5353    [2001:db8::53]:5353    2001:db8::53    localhost
public struct NameServerAddress: Hashable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  public init(_ address: IPAddress, port: UInt16 = 53) {
    self.address = address
    self.port = port
  }

  /// Reads an address with an optional port; an IPv6 address with a port stands in brackets.
  ///
  /// Names are not looked up; of them only `localhost` is known, as 127.0.0.1 (RFC 6761 §6.3).
  ///
  /// - Throws: `SyntaxError` at the octet.
  public init(parsing text: String) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    let host: ArraySlice<UInt8>
    if cursor.take(.leftBracket) {
      host = cursor.take { $0 != .rightBracket }
      guard cursor.take(.rightBracket) else { throw cursor.unexpected }
    } else if cursor.bytes.count(where: { $0 == .colon }) > 1 {
      host = cursor.take { _ in true }
    } else {
      host = cursor.take { $0 != .colon }
    }
    address =
      host.equalsIgnoringCase("localhost") ? .v4(0x7F00_0001) : try IPAddress(parsing: host)
    port = 53
    guard !cursor.isAtEnd else { return }
    guard cursor.take(.colon) else { throw cursor.unexpected }
    port = UInt16(try cursor.takeDecimal(upTo: 65_535, naming: "port"))
    guard port > 0 else { throw cursor.error(.badValue("port")) }
    try cursor.requireEnd()
  }

  /// As libunbound reads it.
  var forwardAddress: String { "\(address)@\(port)" }
}

extension NameServerAddress: CustomStringConvertible {
  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
