internal import Mail
package import Wire

/// Adds one signature to a message that is all there, whatever the message is like: for the demo,
/// and for tests that need signatures nobody sound would make.
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
    try maker(for: message, now).dkimSignature()
  }

  /// The ARC-Message-Signature field of a set (RFC 8617 §4.1.2).
  package func messageSignatureField(
    for message: [UInt8], instance: Int, now: UInt64
  ) throws -> [UInt8] {
    try maker(for: message, now).messageSignature(instance: instance)
  }

  private func maker(for message: [UInt8], _ now: UInt64) throws -> SignatureMaker {
    var template = SignatureTemplate(domain: domain, selector: selector, key: key)
    template.headerCanonicalization = headerCanonicalization
    template.bodyCanonicalization = bodyCanonicalization
    template.fields = .exactly(signedFields)
    template.bodyLength = bodyLength
    template.expiration = expiration
    let (header, body) = try MessageReader.split(message)
    var hashes = BodyHashes()
    hashes.request(template.bodyHashKind)
    hashes.update(body)
    return SignatureMaker(
      header: header, template: template,
      bodyHash: hashes.finish()[template.bodyHashKind]?.digest ?? [], now: now)
  }
}
