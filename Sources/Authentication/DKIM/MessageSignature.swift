public import Wire

/// The tags that a DKIM-Signature (RFC 6376 §3.5) and an ARC-Message-Signature (RFC 8617 §4.1.2)
/// have in common: who signed what, and how.
///
///     a=rsa-sha256; c=relaxed/simple; d=example.net; s=brisbane; h=from:to; bh=…; b=…
public struct MessageSignature: Hashable, Sendable {
  /// `a=`: key type and hash (RFC 6376 §3.5).
  public let algorithm: DKIMAlgorithm
  /// `b=`: the signature's octets.
  public let signature: [UInt8]
  /// `bh=`: the signed hash of the canonical body.
  public let bodyHash: [UInt8]
  /// `c=`, first half.
  public let headerCanonicalization: DKIMCanonicalization
  /// `c=`, second half.
  public let bodyCanonicalization: DKIMCanonicalization
  /// `d=`: who takes responsibility.
  public let signingDomain: DomainName
  /// `s=`: which of the domain's keys. May have several labels.
  public let selector: DomainName
  /// The name at which the public key is published (RFC 6376 §3.6.2.1); nil where it would be
  /// longer than a name can be.
  public let keyName: DomainName?
  /// `h=`: names of fields in small letters, in the order in which they are hashed.
  public let signedFields: [String]
  /// `l=`: how many octets of the canonical body are signed; nil for all.
  public let bodyLength: UInt64?
  /// `t=`: seconds since 1970.
  public let timestamp: UInt64?
  /// `x=`: seconds since 1970.
  public let expiration: UInt64?
  /// Where the value of `b=` stands in the field's value, blanks included: not hashed (§3.7).
  let signatureValueRange: Range<Int>

  /// - Throws: `SyntaxError` at the tag.
  init(_ tags: TagList, end: Int) throws(SyntaxError) {
    let reader = SignatureTagReader(tags, end: end)
    algorithm = try reader.algorithm()
    (signature, signatureValueRange) = try reader.signature()
    bodyHash = try reader.bodyHash()
    (headerCanonicalization, bodyCanonicalization) = try reader.canonicalizations()
    signingDomain = try reader.domain("d")
    selector = try reader.domain("s")
    keyName = DKIMKeyRecord.name(selector, of: signingDomain)
    signedFields = try reader.signedFields()
    bodyLength = try reader.number("l", digits: 76)
    timestamp = try reader.number("t", digits: 12)
    expiration = try reader.number("x", digits: 12)
  }

  var bodyHashKind: BodyHashes.Kind {
    BodyHashes.Kind(form: bodyCanonicalization, length: bodyLength)
  }
}

/// Reads the values of signature tags, each by its own rule.
struct SignatureTagReader {
  private let tags: TagList
  private let end: Int

  init(_ tags: TagList, end: Int) {
    self.tags = tags
    self.end = end
  }

  func required(_ name: String) throws(SyntaxError) -> TagList.Tag {
    guard let tag = tags[name] else { throw SyntaxError(.missing("tag \(name)"), at: end) }
    guard !tag.value.isEmpty else { throw bad(tag) }
    return tag
  }

  private func bad(_ tag: TagList.Tag) -> SyntaxError {
    SyntaxError(.badValue("tag \(tag.name)"), at: tag.offset)
  }

  func algorithm() throws(SyntaxError) -> DKIMAlgorithm {
    let tag = try required("a")
    guard let algorithm = DKIMAlgorithm(rawValue: tag.value.text) else { throw bad(tag) }
    return algorithm
  }

  func signature() throws(SyntaxError) -> ([UInt8], Range<Int>) {
    let tag = try required("b")
    return (try octets(of: tag), tag.valueRange)
  }

  func bodyHash() throws(SyntaxError) -> [UInt8] { try octets(of: try required("bh")) }

  private func octets(of tag: TagList.Tag) throws(SyntaxError) -> [UInt8] {
    do {
      return try Base64.decode(tag.value, .ignoringWhitespace)
    } catch {
      throw bad(tag)
    }
  }

  func domain(_ name: String) throws(SyntaxError) -> DomainName {
    let tag = try required(name)
    do {
      return try DomainName(parsing: tag.value)
    } catch {
      throw bad(tag)
    }
  }

  /// `c=`: the body's half is `simple` where it is left out (§3.5).
  func canonicalizations() throws(SyntaxError) -> (DKIMCanonicalization, DKIMCanonicalization) {
    guard let tag = tags["c"] else { return (.simple, .simple) }
    let slash = tag.value.firstIndex(of: .slash)
    let header = Self.canonicalization(tag.value[..<(slash ?? tag.value.endIndex)])
    let body = slash.map { Self.canonicalization(tag.value[($0 + 1)...]) } ?? .simple
    guard let header, let body else { throw bad(tag) }
    return (header, body)
  }

  private static func canonicalization(_ text: ArraySlice<UInt8>) -> DKIMCanonicalization? {
    let word = text.trimmingFoldingWhitespace
    return DKIMCanonicalization.allCases.first { word.elementsEqual($0.rawValue.utf8) }
  }

  /// `h=`. Empty names, which the grammar does not know, occur in ARC's own suite; they name no
  /// field. That From is among the names is the verifier's business.
  func signedFields() throws(SyntaxError) -> [String] {
    guard let tag = tags["h"] else { throw SyntaxError(.missing("tag h"), at: end) }
    var names: [String] = []
    names.reserveCapacity(32)
    var start = tag.value.startIndex
    while start < tag.value.endIndex {
      let end = tag.value.firstPlace(from: start) { here, _ in here .== .all(.colon) }
      let name = tag.value[start..<end].trimmingFoldingWhitespace
      guard name.allSatisfy(\.isVisible) else { throw bad(tag) }
      if !name.isEmpty { names.append(name.lowercasedASCIIText) }
      start = min(end + 1, tag.value.endIndex)
    }
    return names
  }

  /// A number of at most so many digits. Values beyond 64 bits are kept as the largest one: no
  /// body is that long and no clock that late.
  func number(_ name: String, digits: Int) throws(SyntaxError) -> UInt64? {
    guard let tag = tags[name] else { return nil }
    guard (1...digits).contains(tag.value.count), tag.value.allSatisfy(\.isDigit) else {
      throw bad(tag)
    }
    return UInt64(tag.value.text) ?? .max
  }
}
