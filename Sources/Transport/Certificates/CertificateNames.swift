internal import Wire
internal import X509

/// The names that a server certificate shows, and whether one of them is a reference name
/// (RFC 6125 §6.4, RFC 7672 §3.2.3).
struct CertificateNames {
  /// The DNS-IDs as they stand in the subject alternative name extension.
  let dnsIDs: [String]
  /// The last common name of the subject.
  let commonName: String?
  /// Whether the extension is there and cannot be read: then nothing matches.
  let isUnreadable: Bool

  init(_ certificate: Certificate) {
    var dnsIDs: [String] = []
    var isUnreadable = false
    do {
      for name in try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames() {
        if case .dnsName(let text) = name { dnsIDs.append(text) }
      }
    } catch {
      isUnreadable = true
    }
    self.dnsIDs = dnsIDs
    self.isUnreadable = isUnreadable
    let attributes = certificate.subject.flatMap { Array($0) }
    commonName = attributes.last { $0.type == .RDNAttributeType.commonName }
      .flatMap { String($0.value) }
  }

  /// The first reference name that the certificate shows; nil where it shows none.
  ///
  /// - Parameter acceptsCommonName: the subject's common name counts where there is no DNS-ID, as
  ///   with DANE-TA (RFC 7672 §3.2.3); the web PKI does without (RFC 8461 §4.2, RFC 6125 §6.4.4).
  func match(_ references: [DomainName], acceptsCommonName: Bool) -> DomainName? {
    guard !isUnreadable else { return nil }
    var presented = dnsIDs
    if presented.isEmpty, acceptsCommonName, let commonName { presented = [commonName] }
    let patterns = presented.compactMap(NamePattern.init)
    return references.first { reference in patterns.contains { $0.matches(reference) } }
  }

  /// For evidence; at most eight names.
  var text: String {
    let names = dnsIDs.prefix(8).joined(separator: ", ") + (dnsIDs.count > 8 ? ", …" : "")
    if !names.isEmpty { return names }
    return commonName.map { "common name \($0)" } ?? "no name"
  }

  /// One presented name: a host, or `*.` and what stands below it. The asterisk is the whole
  /// leftmost label and stands for exactly one (RFC 7672 §3.2.3).
  private enum NamePattern {
    case host(DomainName)
    case anyLabel(below: DomainName)

    init?(_ text: String) {
      let octets = Array(text.utf8)
      // A DNS-ID is an IA5String in A-labels (RFC 5280 §7.2): nothing is converted.
      guard octets.allSatisfy({ $0 < 0x80 }) else { return nil }
      if octets.starts(with: [0x2A, 0x2E]) {
        guard let name = try? DomainName(parsing: octets.dropFirst(2)) else { return nil }
        self = .anyLabel(below: name)
      } else {
        guard let name = try? DomainName(parsing: octets) else { return nil }
        self = .host(name)
      }
    }

    func matches(_ reference: DomainName) -> Bool {
      switch self {
      case .host(let name): name == reference
      case .anyLabel(let suffix): !suffix.isRoot && reference.parent == suffix
      }
    }
  }
}
