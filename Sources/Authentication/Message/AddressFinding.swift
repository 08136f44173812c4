internal import Mail
public import Wire

/// One address that a message shows, and what vouches for it.
///
/// Readers trust what they see; of most address fields nothing is authenticated at all.
public struct AddressFinding: Hashable, Sendable {
  /// `From`, `Sender`, `Reply-To`, `Resent-From`, `Resent-Sender`, `Return-Path`.
  public var field: String
  /// The address, or the field's text where it cannot be read.
  public var address: String
  /// The name shown with it, control characters escaped.
  public var displayName: String?
  /// The domain of the address; nil where it has none that DNS could know.
  public var domain: DomainName?
  /// What vouches for the domain, a phrase each: `DKIM signature of example.com`. Empty: nothing.
  /// The part before the `@` is vouched for only where the phrase says so.
  public var vouchedBy: [String] = []
  /// Another address, which the name shown looks like.
  public var imitatedAddress: String?
  /// What a reader should know: a name that looks like another address, a field twice.
  public var warnings: [String] = []
}

/// Lists the addresses of a message with what the verdicts say for each.
struct AddressAudit {
  let header: MessageHeader
  let spf: SPFVerdict?
  let dkim: [DKIMVerdict]
  let dmarc: DMARCVerdict

  /// As the fields are written in RFC 5322 §3.6.2, §3.6.6 and §3.6.7.
  private static let fields = [
    "From", "Sender", "Reply-To", "Resent-From", "Resent-Sender", "Return-Path",
  ]
  /// How many addresses are listed for one message.
  private static let maximum = 100

  func findings() -> [AddressFinding] {
    var findings: [AddressFinding] = []
    for name in Self.fields {
      let fields = header.fields(named: name.lowercased())
      for field in fields {
        for var finding in read(field, named: name) {
          guard findings.count < Self.maximum else { return findings }
          if fields.count > 1, !name.hasPrefix("Resent") {
            finding.warnings.append("\(fields.count) \(name) fields: readers may show another one")
          }
          findings.append(finding)
        }
      }
    }
    return findings
  }

  private func read(_ field: HeaderField, named name: String) -> [AddressFinding] {
    let value = header.value(of: field)
    do throws(SyntaxError) {
      if name == "Return-Path" {
        guard case .mailbox(let address) = try ReversePath(parsing: value) else {
          return [AddressFinding(field: name, address: "<>")]
        }
        return [finding(name, Mailbox(address: address))]
      }
      return try AddressList(parsing: value).mailboxes.prefix(Self.maximum).map {
        finding(name, $0)
      }
    } catch {
      if name != "Return-Path", let lone = LoneAddress(in: value) {
        var finding = finding(name, lone.mailbox)
        finding.warnings.append("\(name) breaks the grammar, but holds one address only: \(error)")
        return [finding]
      }
      return [
        AddressFinding(
          field: name, address: Self.shown(header.text(of: field)),
          warnings: ["cannot be read: \(error)"])
      ]
    }
  }

  /// Fit to be shown, and no longer than anybody reads.
  private static func shown(_ text: String) -> String { String(text.prefix(500)).escapingControls }

  private func finding(_ name: String, _ mailbox: Mailbox) -> AddressFinding {
    let domain = mailbox.address.domain.name
    var finding = AddressFinding(
      field: name, address: "\(mailbox.address)",
      displayName: mailbox.displayName.map(Self.shown), domain: domain)
    if let domain { finding.vouchedBy = vouchers(for: domain, mailbox, in: name) }
    if mailbox.usesObsoleteSyntax || mailbox.hasComments || mailbox.address.localPart.contains(.at)
    {
      finding.warnings.append("written so that readers may show another name or address")
    }
    if let shown = mailbox.displayNameAddress, shown != mailbox.address {
      let imitated = shown.description.escapingControls
      finding.imitatedAddress = imitated
      finding.warnings.append("the name shown looks like the address \(imitated)")
    }
    return finding
  }

  private func vouchers(
    for domain: DomainName, _ mailbox: Mailbox, in name: String
  ) -> [String] {
    var phrases: [String] = []
    if name == "Return-Path" {
      if spf?.mailFrom.result == .pass, spf?.mailFrom.domain == domain {
        phrases.append("SPF of \(domain)")
      }
      return phrases
    }
    if name == "From", dmarc.result == .pass, dmarc.authorDomain == domain {
      phrases.append("DMARC of \(domain)")
    }
    for verdict in dkim where verdict.result == .pass {
      guard let signature = verdict.signature,
        domain.isAtOrBelow(signature.signature.signingDomain),
        covers(name, signature.signature.signedFields)
      else { continue }
      let phrase = "DKIM signature of \(signature.signature.signingDomain)"
      if !phrases.contains(phrase) { phrases.append(phrase) }
      if signature.identity.domain == domain,
        signature.identity.localPart == mailbox.address.localPart
      {
        phrases.append("DKIM i= names this very address")
      }
    }
    return phrases
  }

  /// Whether a signature covers every field of this name.
  private func covers(_ name: String, _ signedFields: [String]) -> Bool {
    let name = name.lowercased()
    return signedFields.filter { $0 == name }.count >= header.indices(of: name).count
  }
}
