internal import Wire

/// Whether trusted sealers saw the message authenticated before it was changed on its way.
struct ARCOverride {
  let arc: ARCVerdict
  let trustedSealers: Set<DomainName>

  /// The reason not to apply the policy of a message that fails DMARC (RFC 8617 §7.2.1), or nil.
  ///
  /// The chain must pass. From its newest seal backwards every sealer must be trusted, down to one
  /// whose own results say that DMARC passed for the author: a stranger in between could have
  /// written anything.
  func override(for author: DomainName) -> DMARCOverride? {
    guard arc.result == .pass else { return nil }
    for (sealer, testimony) in zip(arc.sealers, arc.testimonies).reversed() {
      guard trustedSealers.contains(sealer) else { return nil }
      if saysPass(testimony, for: author) {
        return DMARCOverride(.localPolicy, comment: comment)
      }
    }
    return nil
  }

  private func saysPass(_ testimony: AuthenticationTestimony, for author: DomainName) -> Bool {
    guard let results = try? AuthenticationResults(parsing: testimony.text.utf8) else {
      return false
    }
    return results.results.contains { result in
      guard result.method == "dmarc", result.result == "pass",
        let from = result["header", "from"]
      else { return false }
      return (try? DomainName(parsing: from)) == author
    }
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
