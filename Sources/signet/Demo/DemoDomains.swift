import Authentication
import DNS
import Wire

/// The made-up domains of the demo: a bank, a mailing list and a crook, with fresh keys.
struct DemoDomains {
  let bank: DKIMSigner
  let list: DKIMSigner
  let crook: DKIMSigner

  init() throws {
    bank = DKIMSigner(
      domain: try DomainName(parsing: "bank.example"), selector: try DomainName(parsing: "s2026"),
      key: try .rsa(bits: 2048))
    list = DKIMSigner(
      domain: try DomainName(parsing: "lists.example"), selector: try DomainName(parsing: "arc"),
      key: .ed25519())
    crook = DKIMSigner(
      domain: try DomainName(parsing: "crook.example"), selector: try DomainName(parsing: "k1"),
      key: .ed25519())
  }

  /// The zone that publishes them: what the owners of these domains would have in DNS.
  var zone: String {
    """
    $TTL 3600
    bank.example.                 TXT "v=spf1 ip4:192.0.2.0/28 -all"
    _dmarc.bank.example.          TXT "v=DMARC1; p=reject; rua=mailto:dmarc@bank.example"
    \(keyRecord(bank))
    lists.example.                TXT "v=spf1 ip4:198.51.100.7 -all"
    mx.lists.example.             TXT "v=spf1 a -all"
                                  A   198.51.100.7
    _dmarc.lists.example.         TXT "v=DMARC1; p=none"
    \(keyRecord(list))
    crook.example.                TXT "v=spf1 ip4:203.0.113.66 -all"
    _dmarc.crook.example.         TXT "v=DMARC1; p=none"
    \(keyRecord(crook))

    """
  }

  func resolver() throws -> ZoneResolver {
    ZoneResolver(zones: [try ZoneFile(parsing: Array(zone.utf8), name: "the demo's zone")])
  }

  /// The record in strings of at most 255 octets (RFC 1035 §3.3.14).
  private func keyRecord(_ signer: DKIMSigner) -> String {
    var strings: [String] = []
    var rest = signer.key.keyRecord[...]
    while !rest.isEmpty {
      strings.append("\"\(rest.prefix(250))\"")
      rest = rest.dropFirst(250)
    }
    let name = "\(signer.selector)._domainkey.\(signer.domain)."
    return "\(name) TXT ( \(strings.joined(separator: " ")) )"
  }
}
