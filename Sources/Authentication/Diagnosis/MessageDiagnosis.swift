public import Mail
internal import Wire

/// Why signatures of a message fail: for each one whose hashes do not agree, what was done to the
/// message since it was signed, with proof.
///
///     let verdict = try await authenticator.authenticate(message, envelope: envelope, now: now)
///     let diagnosis = MessageDiagnosis(of: message, verdict)
///     for line in diagnosis.dkim[0]?.sentences ?? [] { print(line) }
///
/// No DNS is asked: the verdict brings the keys. Signatures that fail for another reason (no key,
/// expired, malformed) have no diagnosis; their verdicts say all.
public struct MessageDiagnosis: Sendable {
  /// For each DKIM-Signature of the verdict, in its order; nil where there is nothing to explain.
  public let dkim: [SignatureDiagnosis?]
  /// For each failing ARC-Message-Signature, by instance. Those of older instances only tell that
  /// a later sealer changed the message; the chain may pass nevertheless.
  public let arc: [Int: SignatureDiagnosis]

  /// Signatures of one message that are examined, DKIM and ARC together; the others have no
  /// diagnosis.
  public static let maximumSignatures = 5

  /// - Parameters:
  ///   - message: the octets that the verdict is on.
  ///   - verdict: what the authenticator said of them.
  ///   - lineEnds: as they were read for the verdict.
  ///   - budget: for each signature.
  public init(
    of message: [UInt8], _ verdict: MessageVerdict, lineEnds: LineEnds = .crlf,
    budget: DiagnosisBudget = DiagnosisBudget()
  ) {
    let subject = DiagnosisSubject(message, verdict.header, lineEnds, budget)
    var remaining = Self.maximumSignatures
    let fields = verdict.header.fields(named: "dkim-signature")
    dkim = verdict.dkim.enumerated().map { index, signature in
      guard remaining > 0, index < fields.count, signature.hashesDisagree,
        let common = signature.signature?.signature, let key = signature.key
      else { return nil }
      remaining -= 1
      return subject.diagnose(common, fields[index], key)
    }
    var arc: [Int: SignatureDiagnosis] = [:]
    let sets = (try? ARCSet.chain(in: verdict.header)) ?? []
    for set in sets.reversed() where remaining > 0 {
      guard let key = verdict.arc.failedKeys[set.instance] else { continue }
      remaining -= 1
      arc[set.instance] = subject.diagnose(set.messageSignature, set.messageSignatureField, key)
    }
    self.arc = arc
  }
}

/// The message that is examined.
private struct DiagnosisSubject {
  private let header: MessageHeader
  private let body: [UInt8]?
  private let budget: DiagnosisBudget

  init(
    _ message: [UInt8], _ header: MessageHeader, _ lineEnds: LineEnds, _ budget: DiagnosisBudget
  ) {
    self.header = header
    self.budget = budget
    let isExamined = header.octets.count <= budget.maximumHeader
    body = isExamined ? Self.body(of: message, lineEnds, limit: budget.hashedOctets) : nil
  }

  /// The body with CRLF line ends; nil where it is longer than the limit.
  private static func body(
    of message: [UInt8], _ lineEnds: LineEnds, limit: Int
  ) -> [UInt8]? {
    var reader = MessageReader(lineEnds: lineEnds, headerLimit: 2 * message.count)
    var body: [UInt8] = []
    guard let events = try? reader.read(message[...]) else { return nil }
    for case .body(let piece) in events {
      guard body.count + piece.count <= limit else { return nil }
      body += piece
    }
    return body
  }

  func diagnose(
    _ signature: MessageSignature, _ field: HeaderField, _ record: DKIMKeyRecord
  ) -> SignatureDiagnosis? {
    guard let body, let key = try? DKIMPublicKey(record, as: signature.algorithm.keyType)
    else {
      return nil
    }
    return DiagnosisRequest(
      signature: signature, field: field, header: header, body: body, key: key
    ).diagnose(budget)
  }
}

extension DKIMVerdict {
  /// Whether it fails because the message is not what was signed.
  fileprivate var hashesDisagree: Bool {
    failure == .bodyHashMismatch || failure == .signatureMismatch
  }
}
