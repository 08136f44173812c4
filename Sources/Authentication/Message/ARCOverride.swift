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
        return DMARCOverride(.localPolicy, comment: comment(from: testimony.instance))
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

  /// As the example of RFC 8617 §7.2.2: `arc=pass as[2].d=d2.example as[1].d=d1.example`.
  private func comment(from oldest: Int) -> String {
    let seals = zip(1..., arc.sealers).filter { $0.0 >= oldest }.reversed()
    return "arc=pass " + seals.map { "as[\($0)].d=\($1)" }.joined(separator: " ")
  }
}
