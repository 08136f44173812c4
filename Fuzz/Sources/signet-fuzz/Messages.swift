import Authentication
import DNS
import Mail
import Wire

/// Seconds since 1970 at which every message here arrives.
let now: UInt64 = 1_700_000_000

/// A message as it is, in one piece and in others.
@Sendable func fuzzMessage(_ input: [UInt8]) {
  for lineEnds in LineEnds.allCases {
    guard let whole = authenticate([input], lineEnds) else { continue }
    for pieces in cuttings(of: input) {
      let cut = authenticate(pieces, lineEnds).map(VerdictText.init)
      requireEqual(cut, VerdictText(whole), "cutting changes nothing")
    }
    checkHeader(whole.header)
    let results = whole.authenticationResults(authservID: "mx.example.org")
    let text = results.fieldValue()
    let again = rereading(text) { () throws(SyntaxError) in
      try AuthenticationResults(parsing: text.utf8)
    }
    requireEqual(again.results.count, results.results.count, "our results can be read")
    let diagnosis = MessageDiagnosis(of: input, whole, lineEnds: lineEnds, budget: smallBudget)
    checkDiagnosis(diagnosis, input, whole)
  }
}

/// What a verdict says, so that two can be compared.
struct VerdictText: Equatable {
  let evidence: [Evidence]
  let dkim: [DKIMVerdict]
  let arc: ARCVerdict
  let dmarc: DMARCVerdict
  let addresses: [AddressFinding]
  let header: [UInt8]
  let bodyCount: Int

  init(_ verdict: MessageVerdict) {
    evidence = verdict.evidence
    dkim = verdict.dkim
    arc = verdict.arc
    dmarc = verdict.dmarc
    addresses = verdict.addresses
    header = verdict.header.octets
    bodyCount = verdict.bodyCount
  }
}

func authenticate(_ pieces: [[UInt8]], _ lineEnds: LineEnds = .crlf) -> MessageVerdict? {
  var authenticator = MessageAuthenticator(resolver: TestResolver())
  authenticator.policy.lineEnds = lineEnds
  authenticator.policy.trustedSealers = [TestKeys.domain]
  let envelope = Envelope(
    client: .v4(0xC000_0201), helo: Array("mail.example.com".utf8),
    reversePath: Array("joe@example.com".utf8))
  return waitFor { [authenticator] in
    let stream = AsyncStream<[UInt8]> { stream in
      for piece in pieces { stream.yield(piece) }
      stream.finish()
    }
    return try? await authenticator.authenticate(pieces: stream, envelope: envelope, now: now)
  }
}

/// Signed by us, every message verifies; and in any pieces it is signed alike.
@Sendable func fuzzSigner(_ input: [UInt8]) {
  var random = InputRandom(input)
  let template = template(&random)
  guard let fields = sign([input], template) else { return }
  for pieces in cuttings(of: input) {
    requireEqual(sign(pieces, template), fields, "cutting changes nothing")
  }
  let verdict = authenticate([fields + input])
  requireEqual(verdict?.dkim.first?.result, .pass, "signed, it verifies: \(fields.text)")
}

func template(_ random: inout InputRandom) -> SignatureTemplate {
  let isRSA = UInt8.random(in: 0...15, using: &random) == 0
  var template = SignatureTemplate(
    domain: TestKeys.domain, selector: isRSA ? TestKeys.rsaSelector : TestKeys.selector,
    key: isRSA ? TestKeys.rsa : TestKeys.ed25519)
  template.headerCanonicalization = Bool.random(using: &random) ? .simple : .relaxed
  template.bodyCanonicalization = Bool.random(using: &random) ? .simple : .relaxed
  template.copiesHeader = Bool.random(using: &random)
  template.lifetime = Bool.random(using: &random) ? 3600 : nil
  return template
}

func sign(_ pieces: [[UInt8]], _ template: SignatureTemplate) -> [UInt8]? {
  var signer = MessageSigner([template], now: now)
  do {
    for piece in pieces { try signer.read(piece[...]) }
    return try signer.finish().fields
  } catch { return nil }
}

/// Sealed by us, a chain that was whole is whole, one instance longer.
@Sendable func fuzzSealer(_ input: [UInt8]) {
  guard let verdict = authenticate([input]) else { return }
  var random = InputRandom(input)
  var sealer = MessageSealer(
    template(&random), authservID: "mx.example.org", chain: verdict.arc, now: now)
  guard (try? sealer.read(input[...])) != nil, let outcome = try? sealer.finish(),
    case .sealed(let fields, let instance, let status) = outcome
  else { return }
  let sealed = authenticate([fields + input])
  switch verdict.arc.result {
  case .fail: requireEqual(sealed?.arc.result, .fail, "a broken chain stays broken")
  default:
    requireEqual(sealed?.arc.result, .pass, "\(instance) \(status), sealed: \(fields.text)")
    requireEqual(sealed?.arc.instances, verdict.arc.instances + 1, "one instance more")
  }
}

let smallBudget: DiagnosisBudget = {
  var budget = DiagnosisBudget()
  budget.hashedOctets = 1 << 20
  budget.bodies = 500
  budget.publicKeyOperations = 50
  return budget
}()

/// Signed, changed on its way, verified, diagnosed.
@Sendable func fuzzDiagnosis(_ input: [UInt8]) {
  var random = InputRandom(input)
  guard let fields = sign([input], template(&random)) else { return }
  let changed = changed(fields + input, after: fields.count, &random)
  guard let verdict = authenticate([changed]) else { return }
  let diagnosis = MessageDiagnosis(of: changed, verdict, budget: smallBudget)
  checkDiagnosis(diagnosis, changed, verdict)
}

/// What happens to messages: an octet more, less or another, or a footer.
private func changed(
  _ message: [UInt8], after start: Int, _ random: inout InputRandom
) -> [UInt8] {
  var message = message
  let place = Int.random(in: start...message.count, using: &random)
  switch UInt8.random(in: 0...4, using: &random) {
  case 0: message.insert(UInt8.random(in: 0...255, using: &random), at: place)
  case 1 where place < message.count: message.remove(at: place)
  case 2 where place < message.count: message[place] ^= 0x20
  case 3: message += Array("-- \r\nA list\r\n".utf8)
  default: message.insert(contentsOf: Array("X-List: a\r\n".utf8), at: start)
  }
  return message
}

func checkDiagnosis(
  _ diagnosis: MessageDiagnosis, _ message: [UInt8], _ verdict: MessageVerdict
) {
  requireEqual(diagnosis.dkim.count, verdict.dkim.count, "one diagnosis for each signature")
  for (found, signature) in zip(diagnosis.dkim, verdict.dkim) where signature.result == .pass {
    require(found == nil, "what passes needs no diagnosis")
  }
  for found in diagnosis.dkim.compactMap(\.self) + diagnosis.arc.values {
    _ = found.sentences
    require(
      found.publicKeyOperations <= smallBudget.publicKeyOperations,
      "\(found.publicKeyOperations) operations")
    require(found.bodiesTried <= smallBudget.bodies, "\(found.bodiesTried) bodies")
    for change in found.changes {
      require(!change.sentence.isEmpty, "a change has a sentence")
      if let range = change.range {
        requireInside(range, 0..<(message.count + 1), "a change's place")
      }
    }
  }
}
