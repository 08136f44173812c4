internal import Mail
internal import Wire

/// Makes the field of one signature, once header and body hash are there (RFC 6376 §5).
struct SignatureMaker {
  let header: MessageHeader
  let template: SignatureTemplate
  let bodyHash: [UInt8]
  /// Seconds since 1970.
  let now: UInt64
  var layout = SignatureFieldText.Layout.folded

  /// The DKIM-Signature field, with its CRLF.
  func dkimSignature() throws(SigningFailure) -> [UInt8] {
    var leading = [SignatureFieldText.Tag(name: "v", value: "1")]
    leading += commonTags
    if let identity = template.identity {
      let local = DKIMQuotedPrintable.quote(identity.localPart, isBarQuoted: false)
      leading.append(
        .init(name: "i", value: "\(local)@\(identity.domain)", folding: .quotedPrintable))
    }
    return try field("DKIM-Signature", leading)
  }

  /// The ARC-Message-Signature field (RFC 8617 §4.1.2), with its CRLF.
  func messageSignature(instance: Int) throws(SigningFailure) -> [UInt8] {
    try field(
      "ARC-Message-Signature", [.init(name: "i", value: "\(instance)")] + commonTags)
  }

  private var commonTags: [SignatureFieldText.Tag] {
    [
      .init(name: "a", value: template.key.algorithm.rawValue),
      .init(
        name: "c",
        value: template.headerCanonicalization.rawValue + "/"
          + template.bodyCanonicalization.rawValue),
      .init(name: "d", value: "\(template.domain)"),
      .init(name: "s", value: "\(template.selector)"),
    ]
  }

  private func field(
    _ name: String, _ leading: [SignatureFieldText.Tag]
  ) throws(SigningFailure) -> [UInt8] {
    guard let names = template.fields.names(for: header) else {
      throw .tooManyFields(limit: SignedFieldChoice.maximumNames)
    }
    let signed = picked(names)
    var tags = leading + [.init(name: "t", value: "\(now)")]
    if let expiration = template.expiration ?? template.lifetime.map(now.addingOrMaximum) {
      tags.append(.init(name: "x", value: "\(expiration)"))
    }
    if let length = template.bodyLength { tags.append(.init(name: "l", value: "\(length)")) }
    tags.append(.init(name: "h", value: names.joined(separator: ":"), folding: .colons))
    if template.copiesHeader {
      tags.append(.init(name: "z", value: copies(of: signed), folding: .quotedPrintable))
    }
    tags.append(.init(name: "bh", value: Base64.encode(bodyHash)))
    let text = SignatureFieldText(name, tags, layout: layout)
    return text.signed(try signature(over: signed, text.unsigned))
  }

  private func picked(_ names: [String]) -> [HeaderField] {
    var picker = SignedFieldPicker(header)
    return names.compactMap { picker.pick($0.lowercased()) }
  }

  /// `z=` (§3.5): what stands behind each colon, to the octet.
  private func copies(of fields: [HeaderField]) -> String {
    fields.map { field in
      DKIMQuotedPrintable.quote(header.octets[field.nameRange], isBarQuoted: true) + ":"
        + DKIMQuotedPrintable.quote(header.value(of: field), isBarQuoted: true)
    }
    .joined(separator: "|")
  }

  private func signature(
    over fields: [HeaderField], _ own: [UInt8]
  ) throws(SigningFailure) -> [UInt8] {
    let canonicalization = template.headerCanonicalization
    var octets: [UInt8] = []
    for field in fields { canonicalization.append(field, of: header, to: &octets) }
    let last = MessageHeader(octets: own)
    if let field = last.fields.first {
      canonicalization.append(signatureField: field, of: last, without: 0..<0, to: &octets)
    }
    return try template.key.checkedSignature(over: octets)
  }
}

extension SigningKey {
  func checkedSignature(over octets: [UInt8]) throws(SigningFailure) -> [UInt8] {
    do { return try signature(over: octets) } catch { throw .cryptography }
  }
}
