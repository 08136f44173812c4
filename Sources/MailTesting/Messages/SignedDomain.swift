package import Authentication
internal import Wire

/// A domain that signs its mail: name, selector and key, and the record that publishes the key.
package struct SignedDomain: Sendable {
  package var signer: DKIMSigner
  /// What `t=` of its signatures says, unless told otherwise.
  package static let now: UInt64 = 1_700_000_000

  /// - Parameters:
  ///   - name: a domain name; one that is none is a mistake in the test.
  ///   - key: Ed25519 where speed matters, which is nearly everywhere.
  package init(_ name: String, selector: String = "s1", key: SigningKey = TestKeys.ed25519) {
    guard let domain = try? DomainName(parsing: name),
      let selector = try? DomainName(parsing: selector)
    else { preconditionFailure("not a domain name: \(name) or \(selector)") }
    signer = DKIMSigner(domain: domain, selector: selector, key: key)
  }

  /// The names and texts to be published.
  package var zone: [String: [String]] {
    ["\(signer.selector)._domainkey.\(signer.domain)": [signer.key.keyRecord]]
  }

  /// The message with the domain's signature above its header.
  package func sign(
    _ letter: Letter, now: UInt64 = now, _ adjust: (inout DKIMSigner) -> Void = { _ in }
  ) throws -> Letter {
    var signer = signer
    adjust(&signer)
    return letter.prepending(octets: try signer.field(for: letter.octets, now: now))
  }

  /// The message with one ARC set more.
  ///
  /// - Parameter results: what the sealer says it saw, its own name first.
  package func seal(
    _ letter: Letter, instance: Int, results: String, status: ARCResult? = nil,
    now: UInt64 = now, _ adjust: (inout DKIMSigner) -> Void = { _ in }
  ) throws -> Letter {
    var sealer = ARCSealer(signer)
    adjust(&sealer.signer)
    return letter.prepending(
      octets: try sealer.fields(
        for: letter.octets, instance: instance, results: results,
        status: status ?? (instance == 1 ? .none : .pass), now: now))
  }
}

extension Letter {
  /// The message with whole lines above its header.
  fileprivate func prepending(octets: [UInt8]) -> Letter {
    var letter = self
    letter.fields.insert(octets.dropLast(2), at: 0)
    return letter
  }
}
