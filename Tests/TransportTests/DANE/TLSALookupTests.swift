import DNS
import MailTesting
import Testing
import Transport
import Wire

@Suite("The search for TLSA records, RFC 7672 §2.2")
struct TLSALookupTests {
  private static let digest = String(repeating: "ab", count: 32)
  private static let record = "3 1 1 \(digest)"

  /// What the host comes to: `base NAME`, `none`, `no address`, `failed` with its report.
  private static func outcome(_ finding: TLSAFinding) -> String {
    switch finding.result {
    case .records(let base, let selection): "base \(base), \(selection.usable.count) usable"
    case .notApplicable: "none"
    case .noAddress: "no address"
    case .failed(let failure, _): "failed \(failure?.rawValue ?? "-")"
    }
  }

  /// Each state of the machine, for the host `mx.test`, with the questions that it may ask.
  static let states: [(name: String, zone: String, outcome: String, tlsa: [String])] = [
    (
      "no alias, secure, TLSA",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "AAAA alone is secure, A is absent",
      "mx.test AAAA secure 2001:db8::1\nmx.test A secure nodata\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "AAAA secure suffices beside an insecure A",
      "mx.test AAAA secure 2001:db8::1\nmx.test A insecure 192.0.2.1\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "A secure suffices beside an insecure AAAA",
      "mx.test AAAA insecure 2001:db8::1\nmx.test A secure 192.0.2.1\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "insecure address, no alias: no question for TLSA",
      "mx.test A insecure 192.0.2.1\n_25._tcp.mx.test TLSA secure \(record)", "none", []
    ),
    ("no address", "mx.test A secure nodata\nmx.test AAAA insecure nodata", "no address", []),
    ("no such host", "", "no address", []),
    (
      "secure denial of TLSA", "mx.test A secure 192.0.2.1", "none", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "secure NODATA of TLSA",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure nodata", "none",
      ["_25._tcp.mx.test TLSA"]
    ),
    (
      "insecure denial of TLSA",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA insecure nxdomain", "none",
      ["_25._tcp.mx.test TLSA"]
    ),
    (
      "insecure TLSA",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA insecure \(record)", "none",
      ["_25._tcp.mx.test TLSA"]
    ),
    (
      "TLSA bogus", "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA bogus",
      "failed dnssec-invalid", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "TLSA SERVFAIL", "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA servfail",
      "failed dnssec-invalid", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "TLSA time-out", "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA timeout",
      "failed dnssec-invalid", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "TLSA alias loop", "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA loop",
      "failed dnssec-invalid", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "TLSA by way of an alias: the base stays",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure @tlsa.dane.test \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "secure alias: the expanded name first",
      "mx.test A secure @host.test 192.0.2.1\n_25._tcp.host.test TLSA secure \(record)\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "base host.test, 1 usable", ["_25._tcp.host.test TLSA"]
    ),
    (
      "secure alias: then the original name",
      "mx.test A secure @host.test 192.0.2.1\n_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.host.test TLSA", "_25._tcp.mx.test TLSA"]
    ),
    (
      "secure alias: an insecure TLSA at the expanded name is passed over",
      "mx.test A secure @host.test 192.0.2.1\n_25._tcp.host.test TLSA insecure \(record)\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.host.test TLSA", "_25._tcp.mx.test TLSA"]
    ),
    (
      "secure alias: a failure at the expanded name is the end",
      "mx.test A secure @host.test 192.0.2.1\n_25._tcp.host.test TLSA servfail\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "failed dnssec-invalid", ["_25._tcp.host.test TLSA"]
    ),
    (
      "secure alias: no TLSA at either", "mx.test A secure @host.test 192.0.2.1", "none",
      ["_25._tcp.host.test TLSA", "_25._tcp.mx.test TLSA"]
    ),
    (
      "insecure alias of an unsigned zone: no question for TLSA",
      "mx.test A insecure @host.test 192.0.2.1\nmx.test CNAME insecure host.test\n"
        + "_25._tcp.mx.test TLSA secure \(record)",
      "none", []
    ),
    (
      "signed alias to an unsigned zone: the original name alone",
      "mx.test A insecure @host.test 192.0.2.1\nmx.test CNAME secure host.test\n"
        + "_25._tcp.mx.test TLSA secure \(record)\n_25._tcp.host.test TLSA servfail",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "the alias cannot be told",
      "mx.test A insecure @host.test 192.0.2.1\nmx.test CNAME bogus", "failed dnssec-invalid", []
    ),
    (
      "the alias is not answered",
      "mx.test A insecure @host.test 192.0.2.1\nmx.test CNAME timeout", "failed dnssec-invalid", []
    ),
    (
      "A bogus, no AAAA", "mx.test A bogus\nmx.test AAAA secure nodata",
      "failed dnssec-invalid", []
    ),
    (
      "A bogus beside a good AAAA",
      "mx.test A bogus\nmx.test AAAA secure 2001:db8::1\n_25._tcp.mx.test TLSA secure \(record)",
      "failed dnssec-invalid", []
    ),
    (
      "AAAA bogus beside a good A",
      "mx.test AAAA bogus\nmx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure \(record)",
      "failed dnssec-invalid", []
    ),
    (
      "AAAA not answered beside a secure A: TLSA still holds",
      "mx.test AAAA servfail\nmx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure \(record)",
      "base mx.test, 1 usable", ["_25._tcp.mx.test TLSA"]
    ),
    (
      "A not answered beside an insecure AAAA",
      "mx.test A timeout\nmx.test AAAA insecure 2001:db8::1", "none", []
    ),
    ("A not answered, no AAAA", "mx.test A servfail\nmx.test AAAA secure nodata", "failed -", []),
    ("AAAA not answered, no A", "mx.test AAAA timeout\nmx.test A secure nodata", "failed -", []),
    ("neither answered", "mx.test A timeout\nmx.test AAAA timeout", "failed -", []),
    ("A in a circle", "mx.test A loop\nmx.test AAAA loop", "failed -", []),
    (
      "cancelled", "mx.test A cancelled\nmx.test AAAA secure 2001:db8::1", "failed -", []
    ),
    (
      "records, none usable",
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure 1 1 1 \(digest)",
      "base mx.test, 0 usable", ["_25._tcp.mx.test TLSA"]
    ),
  ]

  @Test(arguments: states.indices)
  func reachesEveryState(index: Int) async throws {
    let state = Self.states[index]
    let resolver = try PlannedResolver(state.zone)
    let finding = await TLSALookup(resolver: resolver).find(try DomainName(parsing: "mx.test"))
    #expect(Self.outcome(finding) == state.outcome, "\(state.name)")
    let asked = resolver.questions.filter { $0.hasSuffix(" TLSA") }
    #expect(asked == state.tlsa, "\(state.name)")
    #expect(finding.evidence.count >= 2, "\(state.name)")
  }

  // §2.2.3: the port of a custom route stands in the name.
  @Test func asksForThePortOfTheRoute() async throws {
    let resolver = try PlannedResolver(
      "mx.test A secure 192.0.2.1\n_2525._tcp.mx.test TLSA secure \(Self.record)")
    let finding = await TLSALookup(resolver: resolver)
      .find(try DomainName(parsing: "mx.test"), port: 2525)
    #expect(Self.outcome(finding) == "base mx.test, 1 usable")
  }

  // §2.2.2 MUST: addresses are asked for before TLSA.
  @Test func asksForAddressesFirst() async throws {
    let resolver = try PlannedResolver(
      "mx.test A secure 192.0.2.1\n_25._tcp.mx.test TLSA secure \(Self.record)")
    _ = await TLSALookup(resolver: resolver).find(try DomainName(parsing: "mx.test"))
    #expect(Set(resolver.questions.prefix(2)) == ["mx.test A", "mx.test AAAA"])
    #expect(resolver.questions.last == "_25._tcp.mx.test TLSA")
  }

  // `_25._tcp` takes nine of the 255 octets of a name's wire form (RFC 1035 §2.3.4).
  @Test(arguments: [(246, 1), (247, 0)])
  func toleratesLongHostNames(length: Int, questions: Int) async throws {
    var labels = Array(repeating: String(repeating: "a", count: 60), count: 3)
    labels.append(String(repeating: "b", count: length - 3 * 61 - 2))
    let host = labels.joined(separator: ".")
    let resolver = try PlannedResolver("\(host) A secure 192.0.2.1")
    let finding = await TLSALookup(resolver: resolver).find(try DomainName(parsing: host))
    #expect(Self.outcome(finding) == "none")
    #expect(resolver.questions.filter { $0.hasSuffix("TLSA") }.count == questions)
  }

  @Test func givesAddressesInOrder() async throws {
    let resolver = try PlannedResolver(
      """
      mx.test A insecure 192.0.2.2
      mx.test A insecure 192.0.2.1
      mx.test AAAA insecure 2001:db8::1
      """)
    let finding = await TLSALookup(resolver: resolver).find(try DomainName(parsing: "mx.test"))
    #expect(finding.addresses.map(\.description) == ["2001:db8::1", "192.0.2.2", "192.0.2.1"])
  }
}
