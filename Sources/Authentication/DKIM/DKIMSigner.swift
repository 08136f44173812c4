internal import Mail
package import Wire

/// Adds one signature to a message that is all there.
package struct DKIMSigner: Sendable {
  package var domain: DomainName
  package var selector: DomainName
  package var key: SigningKey
  package var headerCanonicalization = DKIMCanonicalization.relaxed
  package var bodyCanonicalization = DKIMCanonicalization.relaxed
  /// What `h=` names, in order; a name more than the message has signs that no further one is there.
  package var signedFields = [
    "From", "From", "Reply-To", "Subject", "Subject", "Date", "Message-ID", "To", "To", "Cc", "Cc",
    "MIME-Version", "Content-Type", "Content-Type",
  ]
  /// `l=`.
  package var bodyLength: UInt64?
  /// `x=`.
  package var expiration: UInt64?

  package init(domain: DomainName, selector: DomainName, key: SigningKey) {
    self.domain = domain
    self.selector = selector
    self.key = key
  }

  /// The DKIM-Signature field, with its CRLF, to be put before the message.
  ///
  /// - Parameters:
  ///   - message: octets with CRLF line ends.
  ///   - now: seconds since 1970, for `t=`.
  package func field(for message: [UInt8], now: UInt64) throws -> [UInt8] {
    try field("DKIM-Signature", leadingTags: "v=1; ", message, now)
  }

  /// The ARC-Message-Signature field of a set (RFC 8617 §4.1.2).
  package func messageSignatureField(
    for message: [UInt8], instance: Int, now: UInt64
  ) throws -> [UInt8] {
    try field("ARC-Message-Signature", leadingTags: "i=\(instance); ", message, now)
  }

  private func field(
    _ name: String, leadingTags: String, _ message: [UInt8], _ now: UInt64
  ) throws -> [UInt8] {
    let (header, bodyHash) = try digest(message)
    var tags =
      "\(leadingTags)a=\(key.algorithm.rawValue); c=\(headerCanonicalization.rawValue)/"
      + "\(bodyCanonicalization.rawValue);\r\n d=\(domain); s=\(selector); t=\(now);"
    if let expiration { tags += " x=\(expiration);" }
    if let bodyLength { tags += " l=\(bodyLength);" }
    tags += "\r\n h=\(signedFields.joined(separator: ":\r\n  "));\r\n bh=\(bodyHash);\r\n b="
    let unsigned = Array("\(name): \(tags)".utf8)
    var octets: [UInt8] = []
    var picker = SignedFieldPicker(header)
    for name in signedFields {
      guard let field = picker.pick(name.lowercased()) else { continue }
      headerCanonicalization.append(field, of: header, to: &octets)
    }
    let own = MessageHeader(octets: unsigned)
    if let field = own.fields.first {
      headerCanonicalization.append(signatureField: field, of: own, without: 0..<0, to: &octets)
    }
    let signature = Base64.encode(try key.signature(over: octets))
    return unsigned + Array("\(foldedBase64(signature))\r\n".utf8)
  }

  private func digest(_ message: [UInt8]) throws -> (MessageHeader, bodyHash: String) {
    let (header, body) = try MessageReader.split(message)
    var hashes = BodyHashes()
    let kind = BodyHashes.Kind(form: bodyCanonicalization, length: bodyLength)
    hashes.request(kind)
    hashes.update(body)
    return (header, Base64.encode(hashes.finish()[kind]?.digest ?? []))
  }
}

/// Base 64 over lines of 72 octets, as a folded tag value.
func foldedBase64(_ text: String) -> String {
  var lines: [Substring] = []
  var rest = text[...]
  while !rest.isEmpty {
    lines.append(rest.prefix(72))
    rest = rest.dropFirst(72)
  }
  return lines.joined(separator: "\r\n  ")
}
