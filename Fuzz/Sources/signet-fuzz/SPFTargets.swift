import Authentication
import DNS
import Wire

/// The record itself; and a session: address, HELO name and reverse-path on three lines, then the
/// zone that is asked.
@Sendable func fuzzSPF(_ input: [UInt8]) {
  let lines = input.split(separator: .lineFeed, omittingEmptySubsequences: false)
  for line in lines.prefix(20) { checkRecord(Array(line)) }
  guard lines.count > 3, let client = try? IPAddress(parsing: lines[0]) else { return }
  let helo = Array(lines[1])
  let path = Array(lines[2])
  let zone = InputZone(lines[3...])
  var verifier = SPFVerifier(resolver: zone)
  verifier.receiver = try? DomainName(parsing: "mx.example.org")
  let verdict = waitFor { [verifier] in
    await verifier.check(client: client, helo: helo, mailFrom: path, now: 1_700_000_000)
  }
  for check in [verdict.helo, verdict.mailFrom] { checkBounds(check, verifier.limits) }
  guard let domain = verdict.mailFrom.domain else { return }
  _ = waitFor { await SPFExpander(resolver: zone).expand(domain) }
}

private func checkRecord(_ octets: [UInt8]) {
  let record = reading(octets) { () throws(SyntaxError) in try SPFRecord(parsing: octets) }
  guard let record else { return }
  require(SPFRecord.isSPF(octets), "a record that is read is SPF")
  requireEqual(record.octets, octets, "the record keeps its octets")
  for directive in record.directives {
    requireInside(directive.range, 0..<octets.count, "a directive")
    require(!record.text(of: directive.range).isEmpty, "a directive has text")
  }
  let modifiers = [record.redirect, record.explanation].compactMap(\.self)
  for modifier in modifiers + record.unknownModifiers {
    requireInside(modifier.range, 0..<octets.count, "a modifier")
  }
}

private func checkBounds(_ check: SPFCheck, _ limits: SPFLimits) {
  let passed = check.result == .permerror ? 1 : 0
  require(check.lookups <= limits.lookups + passed, "\(check.lookups) lookups, \(check.result)")
  require(
    check.voidLookups <= limits.voidLookups + passed,
    "\(check.voidLookups) void lookups, \(check.result)")
  require(
    (check.explanation?.utf8.count ?? 0) <= limits.explanationOctets, "a long explanation")
  require(check.explanation == nil || check.result == .fail, "only a fail is explained")
  _ = check.evidence
}
