internal import Wire

/// One step of verifying a signature, as it happened. Words are made of it only when somebody
/// reads them: most verdicts are never explained.
enum SignatureStep: Hashable, Sendable {
  /// The key at the name: what was found, and the size of the key or what is wrong.
  case key(DomainName, found: [UInt8]?, bits: Int?, DKIMKeyType, DKIMFailure?)
  case bodyHash(BodyDigest, DKIMCanonicalization, signed: [UInt8])
  case headerHash(octets: Int, DKIMCanonicalization, fields: [String], digest: [UInt8], Bool)

  /// - Parameter method: how the evidence names the check: `dkim`, `arc AMS 2`.
  func evidence(method: String) -> Evidence {
    switch self {
    case .key(let name, let found, let bits, let type, let failure):
      let outcome = failure.map { "\($0)" } ?? "\(type.rawValue) key of \(bits ?? 0) bits"
      return Evidence(
        step: "\(method) key", subject: "\(name) TXT", found: found?.text ?? "nothing usable",
        outcome: outcome, cites: failure?.cites ?? "RFC 6376 §3.6.1")
    case .bodyHash(let body, let form, let signed):
      let outcome =
        body.digest == signed ? "equals bh=" : "bh= is \(Base64.encode(signed))"
      return Evidence(
        step: "\(method) body hash",
        subject: "\(body.hashedCount) of \(body.canonicalCount) octets, \(form.rawValue)",
        found: Base64.encode(body.digest), outcome: outcome, cites: "RFC 6376 §3.7")
    case .headerHash(let count, let form, let fields, let digest, let verifies):
      let names = fields.prefix(50).joined(separator: ":")
      return Evidence(
        step: "\(method) header hash", subject: "\(count) octets, \(form.rawValue), \(names)",
        found: Base64.encode(digest), outcome: verifies ? "b= verifies" : "b= does not verify",
        cites: "RFC 6376 §3.7")
    }
  }
}
