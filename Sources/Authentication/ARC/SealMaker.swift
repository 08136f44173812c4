internal import Mail
internal import Wire

/// Makes the ARC-Seal of a set, once its two other fields are there (RFC 8617 §5.1).
struct SealMaker {
  /// That of the message, without the new set.
  let header: MessageHeader
  let domain: DomainName
  let selector: DomainName
  let key: SigningKey
  let instance: Int
  let status: ARCResult
  /// Seconds since 1970.
  let now: UInt64
  var layout = SignatureFieldText.Layout.folded

  /// The three fields as they stand in the message, each with its CRLF: the seal first.
  func fields(
    authenticationResults: [UInt8], messageSignature: [UInt8]
  ) throws(SigningFailure) -> [UInt8] {
    let text = SignatureFieldText(
      "ARC-Seal",
      [
        .init(name: "i", value: "\(instance)"),
        .init(name: "a", value: key.algorithm.rawValue),
        .init(name: "t", value: "\(now)"),
        .init(name: "cv", value: status.rawValue),
        .init(name: "d", value: "\(domain)"),
        .init(name: "s", value: "\(selector)"),
      ], layout: layout)
    let octets = sealedOctets(authenticationResults + messageSignature, text.unsigned)
    return text.signed(try key.checkedSignature(over: octets)) + messageSignature
      + authenticationResults
  }

  /// §5.1.1 and, for a chain that has failed, §5.1.2: the new set alone.
  private func sealedOctets(_ own: [UInt8], _ seal: [UInt8]) -> [UInt8] {
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
