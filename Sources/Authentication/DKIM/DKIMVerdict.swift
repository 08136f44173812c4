public import Wire

/// The outcome for one signature, or for the lack of any, spelled as in RFC 8601 §2.7.1.
public enum DKIMResult: String, Sendable, CaseIterable {
  /// In the words of RFC 8601 §2.7.1.
  case none, pass, fail, policy, neutral, temperror, permerror
}

/// What became of one DKIM-Signature field.
public struct DKIMVerdict: Hashable, Sendable {
  /// The result for this signature.
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
  /// The key that was used, so that a diagnosis need not ask for it again.
  var key: DKIMKeyRecord?
  private var steps: [SignatureStep] = []

  init(_ signature: DKIMSignature?) {
    self.signature = signature
    result = .neutral
  }

  /// Each step in order, and last the result.
  public var evidence: [Evidence] {
    let last = Evidence(
      step: "dkim result", subject: subject,
      found: failure.map { "\($0)" } ?? "signature and body hash verify",
      outcome: result.rawValue, cites: failure?.cites ?? "RFC 6376 §6.1.3")
    return steps.map { $0.evidence(method: "dkim") } + [last]
  }

  mutating func take(_ check: SignatureCheck) {
    steps = check.steps
    keyBits = check.keyBits
    unsignedTail = check.unsignedTail
  }

  mutating func pass() { result = .pass }

  mutating func conclude(_ failure: DKIMFailure) {
    self.failure = failure
    result = failure.result
  }

  /// How evidence names the signature.
  var subject: String {
    guard let common = signature?.signature else { return "DKIM-Signature" }
    return "d=\(common.signingDomain) s=\(common.selector)"
  }
}
