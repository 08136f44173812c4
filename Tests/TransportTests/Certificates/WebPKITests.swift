import MailTesting
import Testing
import Transport
import Wire

@Suite("A chain under the web PKI, RFC 8461 §4.2, RFC 5280 §6.1")
struct WebPKITests {
  static let lab = LabCertificates.shared
  static let name = LabCertificates.goodName

  static func verify(
    _ chain: [LabCertificate], names: [String] = [name], roots: [LabCertificate] = [lab.root],
    now: UInt64 = LabCertificates.now
  ) async throws -> PeerVerdict {
    let names = try names.map { try DomainName(parsing: $0) }
    let verifier = PeerVerifier(trustRoots: try TrustRoots(der: roots.map(\.der)))
    return await verifier.verify(
      chain.map(\.der), TLSRequirement(.webPKI, referenceNames: names), now: now)
  }

  static func failure(_ verdict: PeerVerdict) -> TLSFailure? {
    if case .failed(let failure, _) = verdict.result { failure } else { nil }
  }

  @Test(arguments: [
    (LabCertificates.Fault.none, TLSFailure?.none),
    (.expired, .certificateExpired),
    (.notYetValid, .certificateExpired),
    (.wrongName, .certificateHostMismatch),
    (.selfSigned, .certificateNotTrusted),
    (.strangeAuthority, .certificateNotTrusted),
    (.missingIntermediate, .certificateNotTrusted),
    (.wildcard, nil),
    // RFC 6125 §6.4.4: the common name is no DNS-ID.
    (.commonNameOnly, .certificateHostMismatch),
    (.clientUsage, .certificateNotTrusted),
  ])
  func tellsEveryFault(fault: LabCertificates.Fault, failure: TLSFailure?) async throws {
    let verdict = try await Self.verify(Self.lab.chain(for: Self.name, fault))
    #expect(Self.failure(verdict) == failure, "\(verdict)")
    #expect(verdict.isAcceptable == (failure == nil))
    #expect(verdict.evidence.count == 2)
    if failure == nil { #expect(verdict.result == .authenticated(by: "web PKI, \(Self.name)")) }
  }

  @Test func readsRSAChains() async throws {
    let chain = LabCertificates.rsaChain
    let root = try #require(chain.last)
    let verdict = try await Self.verify(Array(chain.dropLast()), roots: [root])
    #expect(verdict.isAcceptable, "\(verdict)")
    let order = try await Self.verify([chain[0], root, chain[1]], roots: [root])
    #expect(order.isAcceptable, "the order above the leaf is free (RFC 8446 §4.4.2)")
  }

  // Both ends of a certificate's time belong to it (RFC 5280 §4.1.2.5).
  @Test(arguments: [
    (UInt64(999_999_999), false), (1_000_000_000, true), (1_000_000_500, true),
    (1_000_001_000, true), (1_000_001_001, false),
  ])
  func measuresTime(now: UInt64, isValid: Bool) async throws {
    let long: ClosedRange<UInt64> = 900_000_000...2_000_000_000
    let root = try LabCertificate(
      selfSigned: .init(commonName: "Old Root", authority: .unlimited, validity: long))
    let leaf = try root.issue(
      .init(dnsNames: [Self.name], validity: 1_000_000_000...1_000_001_000))
    let verdict = try await Self.verify([leaf], roots: [root], now: now)
    #expect(verdict.isAcceptable == isValid)
    #expect(isValid || Self.failure(verdict) == .certificateExpired)
  }

  @Test func looksAtTheTimeOfEveryAuthority() async throws {
    let old = try Self.lab.root.issue(
      .init(
        commonName: "Old Authority", authority: .unlimited,
        validity: LabCertificates.pastValidity))
    let leaf = try old.issue(.init(dnsNames: [Self.name]))
    #expect(Self.failure(try await Self.verify([leaf, old])) == .certificateExpired)
  }

  // RFC 7672 §3.2.3 and RFC 6125 §6.4.3: the asterisk is one whole leftmost label.
  @Test(arguments: [
    ("mx.good.test", "mx.good.test", true),
    ("MX.Good.TEST", "mx.good.test", true),
    ("*.good.test", "mx.good.test", true),
    ("*.good.test", "good.test", false),
    ("*.good.test", "a.mx.good.test", false),
    ("*.test", "mx.good.test", false),
    ("m*.good.test", "mx.good.test", false),
    ("*x.good.test", "mx.good.test", false),
    ("mx.*.test", "mx.good.test", false),
    ("*", "test", false),
    ("*.", "test", false),
    ("mx.good.test.", "mx.good.test", false),
    (".good.test", "mx.good.test", false),
    ("", "mx.good.test", false),
    ("mx.good.test\0.evil.test", "mx.good.test", false),
    ("notmx.good.test", "mx.good.test", false),
  ])
  func comparesNames(presented: String, reference: String, matches: Bool) async throws {
    let leaf = try Self.lab.intermediate.issue(.init(dnsNames: [presented]))
    let verdict = try await Self.verify([leaf, Self.lab.intermediate], names: [reference])
    #expect(verdict.isAcceptable == matches, "\(verdict)")
    #expect(matches || Self.failure(verdict) == .certificateHostMismatch)
  }

  // transport.md §5, "Cross-user cert": the policy's pattern is not the name to look for.
  @Test func wantsTheHostNotItsPattern() async throws {
    let leaf = try Self.lab.server(for: "other.good.test", "*.good.example")
    let verdict = try await Self.verify(
      [leaf, Self.lab.intermediate], names: ["mx.good.test"])
    #expect(Self.failure(verdict) == .certificateHostMismatch)
  }

  @Test func enforcesConstraints() async throws {
    let root = Self.lab.root
    // An end entity that issues (RFC 5280 §4.2.1.9).
    let server = try Self.lab.server(for: "mx.other.test")
    let forged = try server.issue(.init(dnsNames: [Self.name]))
    let first = try await Self.verify([forged, server, Self.lab.intermediate])
    #expect(Self.failure(first) == .certificateNotTrusted)
    // A path longer than the intermediate allows.
    let below = try Self.lab.intermediate.issue(
      .init(commonName: "Too Deep", authority: .unlimited))
    let deep = try below.issue(.init(dnsNames: [Self.name]))
    let second = try await Self.verify([deep, below, Self.lab.intermediate])
    #expect(Self.failure(second) == .certificateNotTrusted)
    // Names outside those permitted (§4.2.1.10).
    let narrow = try root.issue(
      .init(commonName: "Narrow", authority: .unlimited, permittedNames: ["other.test"]))
    let outside = try narrow.issue(.init(dnsNames: [Self.name]))
    let third = try await Self.verify([outside, narrow])
    #expect(Self.failure(third) == .certificateNotTrusted)
    let inside = try narrow.issue(.init(dnsNames: ["mx.other.test"]))
    #expect(try await Self.verify([inside, narrow], names: ["mx.other.test"]).isAcceptable)
    // A key that may not sign certificates (§4.2.1.3).
    let mute = try root.issue(
      .init(commonName: "Mute", authority: .unlimited, signsCertificates: false))
    let signed = try mute.issue(.init(dnsNames: [Self.name]))
    let fourth = try await Self.verify([signed, mute])
    #expect(Self.failure(fourth) == .certificateNotTrusted)
    // A critical extension that nobody knows (§4.2).
    var content = LabCertificate.Content(dnsNames: [Self.name])
    content.hasUnknownCriticalExtension = true
    let strange = try root.issue(content)
    let fifth = try await Self.verify([strange])
    #expect(Self.failure(fifth) == .certificateNotTrusted)
    #expect("\(fifth.result)".contains("unknown critical extension"))
  }

  @Test(arguments: [
    (LabCertificate.Content.ExtendedUsage?.none, true), (.serverAuth, true), (.any, true),
    (.clientAuth, false),
  ])
  func wantsServers(usage: LabCertificate.Content.ExtendedUsage?, isAccepted: Bool) async throws {
    let leaf = try Self.lab.root.issue(.init(dnsNames: [Self.name], extendedKeyUsage: usage))
    #expect(try await Self.verify([leaf]).isAcceptable == isAccepted)
  }

  // A collision can be bought; the root's signature over itself proves nothing anyway.
  @Test func refusesSHA1() async throws {
    let authority = LabCertificates.rsaChain[1]
    let root = LabCertificates.rsaChain[2]
    var content = LabCertificate.Content(dnsNames: [Self.name])
    let good = try authority.issue(content)
    #expect(try await Self.verify([good, authority], roots: [root]).isAcceptable)
    content.isSignedWithSHA1 = true
    let weak = try authority.issue(content)
    let verdict = try await Self.verify([weak, authority], roots: [root])
    #expect(Self.failure(verdict) == .certificateNotTrusted)
    let key = try authority.tlsa(usage: 2, selector: 1, matchingType: 0)
    #expect(try await TrustAnchorTests.verify([good], [key]).isAcceptable)
    #expect(try await !TrustAnchorTests.verify([weak], [key]).isAcceptable)
    let leaf = try weak.tlsa(usage: 3, selector: 0, matchingType: 1)
    #expect(try await TrustAnchorTests.verify([weak], [leaf]).isAcceptable)
  }

  @Test func failsWithoutAnythingToCheck() async throws {
    let chain = try Self.lab.chain(for: Self.name)
    #expect(Self.failure(try await Self.verify([])) == .certificateNotTrusted)
    #expect(
      Self.failure(try await Self.verify(chain, names: [])) == .certificateHostMismatch)
    #expect(
      Self.failure(try await Self.verify(chain, roots: [])) == .certificateNotTrusted)
  }

  @Test func looksAtNothingWhereNothingIsDemanded() async {
    let verifier = PeerVerifier(trustRoots: .none)
    for level in [TLSRequirement.Level.plaintext, .opportunistic, .encrypted] {
      let verdict = await verifier.verify([[0]], TLSRequirement(level), now: 0)
      #expect(verdict.result == .notDemanded)
      #expect(verdict.isAcceptable)
    }
  }
}
