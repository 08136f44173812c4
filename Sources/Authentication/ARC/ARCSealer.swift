internal import Mail
internal import Wire

/// Adds one ARC set to a message that is all there (RFC 8617 §5.1).
package struct ARCSealer: Sendable {
  /// Domain, selector, key and fields of both signatures.
  package var signer: DKIMSigner

  package init(_ signer: DKIMSigner) {
    self.signer = signer
    // §4.1.2: no Authentication-Results and no ARC fields; DKIM-Signature where there is one.
    self.signer.signedFields += ["DKIM-Signature"]
  }

  /// The three fields of the next set, to be put before the message.
  ///
  /// - Parameters:
  ///   - results: the payload of the ARC-Authentication-Results field, our authserv-id first.
  ///   - status: what validation found: `none` for the first set.
  package func fields(
    for message: [UInt8], instance: Int, results: String, status: ARCResult, now: UInt64
  ) throws -> [UInt8] {
    let testimony = Array("ARC-Authentication-Results: i=\(instance); \(results)\r\n".utf8)
    let signature = try signer.messageSignatureField(for: message, instance: instance, now: now)
    let unsigned = Array(
      ("ARC-Seal: i=\(instance); a=\(signer.key.algorithm.rawValue); t=\(now); "
        + "cv=\(status.rawValue);\r\n d=\(signer.domain); s=\(signer.selector);\r\n b=").utf8)
    let (header, _) = try MessageReader.split(message)
    let octets = sealedOctets(after: header, testimony + signature, unsigned, status)
    let seal = foldedBase64(Base64.encode(try signer.key.signature(over: octets)))
    return unsigned + Array("\(seal)\r\n".utf8) + signature + testimony
  }

  /// §5.1.1 and, for a chain that has failed, §5.1.2.
  private func sealedOctets(
    after header: MessageHeader, _ own: [UInt8], _ seal: [UInt8], _ status: ARCResult
  ) -> [UInt8] {
    var octets: [UInt8] = []
    let relaxed = DKIMCanonicalization.relaxed
    for set in (status == .pass ? try? ARCSet.chain(in: header) : nil) ?? [] {
      relaxed.append(set.authenticationResults, of: header, to: &octets)
      relaxed.append(set.messageSignatureField, of: header, to: &octets)
      relaxed.append(set.sealField, of: header, to: &octets)
    }
    let fields = MessageHeader(octets: own)
    for field in fields.fields { relaxed.append(field, of: fields, to: &octets) }
    let last = MessageHeader(octets: seal)
    if let field = last.fields.first {
      relaxed.append(signatureField: field, of: last, without: 0..<0, to: &octets)
    }
    return octets
  }
}
