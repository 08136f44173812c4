internal import Mail
internal import Wire

/// Whether trusted sealers saw the message authenticated before it was changed on its way.
struct ARCOverride {
  let arc: ARCVerdict
  let trustedSealers: Set<DomainName>

  /// The reason not to apply the policy of a message that fails DMARC (RFC 8617 §7.2.1), or nil.
  ///
  /// The chain must pass and its newest AMS must cover From. From its newest seal backwards every sealer must be trusted, down to one
  /// whose own results say that DMARC passed for the author: a stranger in between could have
  /// written anything.
  func override(for author: DomainName) -> DMARCOverride? {
    guard arc.result == .pass, arc.coversAuthor else { return nil }
    for (sealer, testimony) in zip(arc.sealers, arc.testimonies).reversed() {
      guard trustedSealers.contains(sealer) else { return nil }
      if saysPass(testimony, for: author) {
        return DMARCOverride(.localPolicy, comment: comment)
      }
    }
    return nil
  }

  /// Whether the sealer says that DMARC passed for the author, and nothing else of that author.
  ///
  /// Sealers write results in many forms, and copy strangers' text into them: where they also say
  /// anything but `pass` of the same author, one of the two may be such text.
  private func saysPass(_ testimony: AuthenticationTestimony, for author: DomainName) -> Bool {
    guard let said = try? AuthenticationResults(parsing: testimony.text.utf8, .asInUse) else {
      return false
    }
    let ofAuthor = said.results.filter { $0.method == "dmarc" && authors(of: $0).contains(author) }
    return !ofAuthor.isEmpty
      && ofAuthor.allSatisfy { $0.result == "pass" && authors(of: $0) == [author] }
  }

  /// Every `header.from`: a domain (RFC 9989 §9.2), or an address as some write it.
  private func authors(of result: MethodResult) -> Set<DomainName> {
    let values = result.properties.filter { $0.type == "header" && $0.name == "from" }.map(\.value)
    return Set(
      values.compactMap { value in
        if let name = try? DomainName(parsing: value) { return name }
        guard case .mailbox(let address)? = try? ReversePath(parsing: value) else { return nil }
        return address.domain.name
      })
  }

  /// What RFC 8617 §7.2.2 wants told of a chain, written as in its example:
  ///
  ///     arc=pass as[2].d=d2.example as[2].s=s2 as[1].d=d1.example as[1].s=s3 remote-ip[1]=192.0.2.1
  private var comment: String {
    let seals = zip(1..., zip(arc.sealers, arc.selectors)).reversed().map { instance, seal in
      "as[\(instance)].d=\(seal.0) as[\(instance)].s=\(seal.1)"
    }
    let origin = originalClient.map { ["remote-ip[1]=\($0)"] } ?? []
    return (["arc=pass"] + seals + origin).joined(separator: " ")
  }

  /// Who connected to the first sealer, if it says so (§6).
  private var originalClient: IPAddress? {
    guard let first = arc.testimonies.first,
      let results = try? AuthenticationResults(parsing: first.text.utf8),
      let text = results.results.lazy.compactMap({ $0["smtp", "remote-ip"] }).first
    else { return nil }
    return try? IPAddress(parsing: text)
  }
}
