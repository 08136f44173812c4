public import Wire

/// Where mail is to go: a domain whose MX records say it, or a host or address given outright.
///
///     example.com    [mx.example.com]    [192.0.2.1]    [IPv6:2001:db8::1]    [mx.example.com]:2525
public struct DeliveryDestination: Hashable, Sendable {
  /// How the servers are found.
  public enum Target: Hashable, Sendable {
    /// By the MX records of a mail domain (RFC 5321 §5.1).
    case domain(DomainName)
    /// This host, by an operator's route, without MX.
    case host(DomainName)
    /// This address; DANE and MTA-STS do not apply (RFC 7672 §2.2, RFC 8461 §3.4).
    case address(IPAddress)
  }

  /// How the servers are found.
  public var target: Target
  /// The TCP port: 25 unless an operator says otherwise.
  public var port: UInt16

  /// A destination of these parts.
  public init(_ target: Target, port: UInt16 = 25) {
    self.target = target
    self.port = port
  }

  /// Reads a destination as Postfix writes a next hop.
  ///
  /// - Throws: `SyntaxError` at the octet that breaks the form.
  public init(parsing text: String) throws(SyntaxError) {
    var cursor = ByteCursor(text)
    let name: ArraySlice<UInt8>
    let isBracketed = cursor.take(.leftBracket)
    let start = cursor.offset
    if isBracketed {
      name = cursor.take { $0 != .rightBracket }
      guard cursor.take(.rightBracket) else { throw cursor.unexpected }
    } else {
      name = cursor.take { $0 != .colon }
    }
    do {
      target = try Self.target(name, isBracketed: isBracketed)
    } catch {
      throw SyntaxError(error.reason, at: start + error.offset)
    }
    port = 25
    if cursor.take(.colon) {
      let place = cursor.offset
      port = UInt16(try cursor.takeDecimal(upTo: 65_535, naming: "port"))
      guard port > 0 else { throw SyntaxError(.badValue("port"), at: place) }
    }
    try cursor.requireEnd()
  }

  private static func target(
    _ name: ArraySlice<UInt8>, isBracketed: Bool
  ) throws(SyntaxError) -> Target {
    guard isBracketed else { return .domain(try DomainName(parsing: name)) }
    // RFC 5321 §4.1.3: an IPv6 literal carries its tag.
    let tag = Array("ipv6:".utf8)
    if name.count >= tag.count, name.prefix(tag.count).map(\.lowercasedASCII) == tag {
      let address: IPAddress
      do { address = try IPAddress(parsing: name.dropFirst(tag.count)) } catch {
        throw SyntaxError(error.reason, at: tag.count + error.offset)
      }
      guard !address.isIPv4 else { throw SyntaxError(.badValue("IPv6 address"), at: tag.count) }
      return .address(address)
    }
    if let address = try? IPAddress(parsing: name), address.isIPv4 { return .address(address) }
    return .host(try DomainName(parsing: name))
  }

  /// The destination's name; an address stands here as its text in labels.
  public var name: DomainName {
    switch target {
    case .domain(let name), .host(let name): name
    case .address(let address): Self.name(of: address)
    }
  }

  private static func name(of address: IPAddress) -> DomainName {
    (try? DomainName(anyOctets: Array(address.description.utf8))) ?? .root
  }
}

extension DeliveryDestination: CustomStringConvertible {
  /// The form that `init(parsing:)` reads.
  public var description: String {
    let text =
      switch target {
      case .domain(let name): name.description
      case .host(let name): "[\(name)]"
      case .address(let address): address.isIPv4 ? "[\(address)]" : "[IPv6:\(address)]"
      }
    return port == 25 ? text : "\(text):\(port)"
  }
}
