/// Why a signature that could be checked does not verify (RFC 6376 §6.1.3), for a DKIM-Signature
/// or an ARC-Message-Signature.
///
/// A change is listed only where undoing it, with the others listed, makes the signed body hash or
/// the signature itself agree: proof, not likelihood.
public struct SignatureDiagnosis: Hashable, Sendable {
  /// Where the message differs from what was signed.
  public enum Part: String, Sendable {
    case body, header, both
  }

  /// Where the message differs from what was signed.
  public internal(set) var part: Part
  /// What was done to the message; undone all together, the part agrees. Empty: nothing known
  /// explains the failure.
  public internal(set) var changes: [TransitFinding] = []
  /// Whether the body agrees with `bh=`, once its changes are undone.
  public internal(set) var explainsBody: Bool
  /// Whether `b=` verifies, once all changes are undone.
  public internal(set) var explainsHeader: Bool
  /// Signed fields that differ from the signer's copies in `z=`, in small letters. Unless the
  /// changes say more, nothing proves that they are the whole difference.
  public internal(set) var differingFields: [String] = []
  /// What could not be looked at, for people.
  public internal(set) var limits: [String] = []
  /// What it cost.
  public internal(set) var hashedOctets = 0
  /// Bodies that were restored and hashed.
  public internal(set) var bodiesTried = 0
  /// Signatures that were verified.
  public internal(set) var publicKeyOperations = 0

  /// Whether every difference is named and proven.
  public var isExplained: Bool { explainsBody && explainsHeader }

  /// Sentences for people: what is known, then each change, then what stays open.
  public var sentences: [String] {
    var lines: [String] = []
    switch part {
    case .body: lines.append("The header is as signed; the body was changed.")
    case .header: lines.append("The body is as signed; the header was changed.")
    case .both where explainsHeader: lines.append("Body and header were changed.")
    case .both:
      lines.append("The body was changed; the header was too, or another key signed it.")
    }
    lines += changes.map(\.sentence)
    if !differingFields.isEmpty, !explainsHeader {
      let fields = differingFields.joined(separator: ", ")
      lines.append("The signer's copy (z=) shows other values for: \(fields).")
    }
    if changes.contains(where: { $0.proof == .bodyHash }), explainsBody {
      lines.append("Proof: with that undone, the body hash is what bh= says.")
    }
    if explainsHeader, part != .body {
      lines.append("Proof: with that undone, the signature verifies.")
    }
    if !explainsBody { lines.append("No known change explains the body.") }
    if !explainsHeader, part != .body { lines.append("No known change explains the header.") }
    return lines + limits
  }
}
