/// The outcome for one signature, or for the lack of any, spelled as in RFC 8601 §2.7.1.
public enum DKIMResult: String, Sendable, CaseIterable {
  case none, pass, fail, policy, neutral, temperror, permerror
}

/// What became of one DKIM-Signature field.
public struct DKIMVerdict: Hashable, Sendable {
  public var result: DKIMResult
  /// Why it is not a pass.
  public var failure: DKIMFailure?
  /// The signature, where its field could be read.
  public var signature: DKIMSignature?
  /// The size of the key, where it was got.
  public var keyBits: Int?
  /// The key record says `t=y`.
  public var isTesting = false
  /// Octets of the canonical body that `l=` leaves unsigned. Nobody vouches for them, and by
  /// default such a signature is `policy`, not `pass`.
  public var unsignedTail: UInt64 = 0
  /// Fields that occur more often in the message than the signature covers, so that one could
  /// have been added: `subject`, `from`, … (RFC 6376 §8.15).
  public var unsignedDuplicates: [String] = []
  public var evidence: [Evidence] = []
  /// The key that was used, so that a diagnosis need not ask for it again.
  var key: DKIMKeyRecord?

  init(_ signature: DKIMSignature?) {
    self.signature = signature
    result = .neutral
  }

  /// Whether the signature was among those that the policy looks at.
  var wasLookedAt: Bool { if case .tooManySignatures = failure { false } else { true } }

  mutating func take(_ check: SignatureCheck) {
    evidence += check.evidence
    keyBits = check.keyBits
    unsignedTail = check.unsignedTail
  }

  mutating func pass() {
    result = .pass
    record(
      "dkim result", subject: subject, found: "signature and body hash verify", "pass",
      "RFC 6376 §6.1.3")
  }

  mutating func conclude(_ failure: DKIMFailure) {
    self.failure = failure
    result = failure.result
    record(
      "dkim result", subject: subject, found: "\(failure)", failure.result.rawValue,
      failure.cites)
  }

  private mutating func record(
    _ step: String, subject: String, found: String, _ outcome: String, _ cites: String
  ) {
    evidence.append(
      Evidence(step: step, subject: subject, found: found, outcome: outcome, cites: cites))
  }

  /// How evidence names the signature.
  var subject: String {
    guard let common = signature?.signature else { return "DKIM-Signature" }
    return "d=\(common.signingDomain) s=\(common.selector)"
  }
}
