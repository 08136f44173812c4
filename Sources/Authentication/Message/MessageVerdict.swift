public import Mail
public import Wire

/// All that is found out about one message, with the evidence for it.
public struct MessageVerdict: Sendable {
  /// The address of the client, where it is known.
  public var client: IPAddress?
  /// Nil where the client's address is not known.
  public var spf: SPFVerdict?
  /// One for each DKIM-Signature field, from the top down.
  public var dkim: [DKIMVerdict]
  /// What the ARC chain says (RFC 8617 §5.2).
  public var arc: ARCVerdict
  /// What DMARC says of the From field (RFC 9989 §5.3).
  public var dmarc: DMARCVerdict
  /// Where both ways of discovery were asked for.
  public var dmarcComparison: DMARCComparison?
  /// Places where the header breaks its grammar so that readers may differ.
  public var headerDefects: [HeaderDefect]
  /// The header section, as received.
  public var header: MessageHeader
  /// Octets of the body as received.
  public var bodyCount: Int

  /// Every address the message shows, and what vouches for it. Found out when asked for.
  public var addresses: [AddressFinding] {
    AddressAudit(header: header, spf: spf, dkim: dkim, dmarc: dmarc).findings()
  }

  /// What a reader should know beside the results, a phrase each: oddities of records, of the
  /// header, and shown fields that no passing signature protects.
  public var warnings: [String] {
    dmarc.warnings + headerDefects.prefix(10).map { "header: \($0)" }
      + Set(dkim.filter { $0.result == .pass }.flatMap(\.unsignedDuplicates)).sorted().map {
        "\($0) occurs more often than the signature covers"
      }
      + unprotectedFields.map { "\($0) is not signed: it may have been changed" }
  }

  /// Fields that people see and that may be there unsigned though a signature passes
  /// (RFC 6376 §5.4).
  private var unprotectedFields: [String] {
    let passing = dkim.filter { $0.result == .pass }.compactMap { $0.signature?.signature }
    guard !passing.isEmpty else { return [] }
    let signed = Set(passing.flatMap(\.signedFields))
    return ["subject", "date", "reply-to", "content-type"].filter {
      !header.indices(of: $0).isEmpty && !signed.contains($0)
    }
  }

  /// The steps that led here, in order: SPF, DKIM, ARC, DMARC.
  public var evidence: [Evidence] {
    let defects = headerDefects.map {
      Evidence(
        step: "header", subject: "\($0)", found: "not a header field", outcome: "passed over",
        cites: "RFC 5322 §2.2")
    }
    return defects + (spf.map { $0.helo.evidence + $0.mailFrom.evidence } ?? [])
      + dkim.flatMap(\.evidence) + arc.evidence + dmarc.evidence
  }
}
