internal import Mail
internal import Wire

/// Adds one ARC set to a message that is all there, with whatever it is told to say (RFC 8617
/// §5.1): for the demo, and for tests that need chains nobody sound would make.
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
    let (header, _) = try MessageReader.split(message)
    let maker = SealMaker(
      header: header, domain: signer.domain, selector: signer.selector, key: signer.key,
      instance: instance, status: status, now: now)
    return try maker.fields(
      authenticationResults: Array(
        "ARC-Authentication-Results: i=\(instance); \(results)\r\n".utf8),
      messageSignature: signer.messageSignatureField(
        for: message, instance: instance, now: now))
  }
}
