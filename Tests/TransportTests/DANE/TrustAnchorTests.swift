import DNS
import MailTesting
import Testing
import Transport
import Wire

@Suite("A chain under TLSA records, RFC 7672 §3")
struct TrustAnchorTests {
  static let lab = LabCertificates.shared
  static let name = LabCertificates.goodName

  static func verify(
    _ chain: [LabCertificate], _ records: [TLSARecord], names: [String] = [name],
    now: UInt64 = LabCertificates.now
  ) async throws -> PeerVerdict {
    let names = try names.map { try DomainName(parsing: $0) }
    // Local roots play no part (RFC 7671 §5.2.2).
    let verifier = PeerVerifier(trustRoots: try TrustRoots(der: [lab.root.der]))
    return await verifier.verify(
      chain.map(\.der), TLSRequirement(.dane(records), referenceNames: names), now: now)
  }

  static func failure(_ verdict: PeerVerdict) -> TLSFailure? {
    if case .failed(let failure, _) = verdict.result { failure } else { nil }
  }

  // RFC 7672 §3.1.1, §3.2.1: nothing but the key or certificate counts.
  @Test(arguments: LabCertificates.Fault.allCases)
  func looksAtNothingElseUnderDANEEE(fault: LabCertificates.Fault) async throws {
    let chain = try Self.lab.chain(for: Self.name, fault)
    for selector in [UInt8(0), 1] {
      for matchingType in [UInt8(0), 1, 2] {
        let record = try chain[0].tlsa(
          usage: 3, selector: selector, matchingType: matchingType)
        let verdict = try await Self.verify(chain, [record], names: ["mx.somewhere.test"])
        let numbers = "3 \(selector) \(matchingType)"
        #expect(verdict.result == .authenticated(by: "DANE-EE \(numbers)"))
      }
    }
  }

  // RFC 7672 §3.2.2, §3.2.3: names and dates count; the common name where there is no DNS-ID.
  @Test(arguments: [
    (LabCertificates.Fault.none, TLSFailure?.none),
    (.expired, .certificateExpired),
    (.notYetValid, .certificateExpired),
    (.wrongName, .certificateHostMismatch),
    (.selfSigned, .tlsaInvalid),
    (.strangeAuthority, .tlsaInvalid),
    (.missingIntermediate, .tlsaInvalid),
    (.wildcard, nil),
    (.commonNameOnly, nil),
    (.clientUsage, .certificateNotTrusted),
  ])
  func looksAtNamesAndDatesUnderDANETA(
    fault: LabCertificates.Fault, failure: TLSFailure?
  ) async throws {
    let chain = try Self.lab.chain(for: Self.name, fault)
    for selector in [UInt8(0), 1] {
      for matchingType in [UInt8(1), 2] {
        let record = try Self.lab.intermediate.tlsa(
          usage: 2, selector: selector, matchingType: matchingType)
        let verdict = try await Self.verify(chain, [record])
        #expect(Self.failure(verdict) == failure, "\(verdict)")
      }
    }
  }

  // RFC 7671 §5.2.2, §5.2.3: the anchor is in DNS alone, as a certificate or as a bare key.
  @Test(arguments: [UInt8(0), 1])
  func findsAnchorsInDNS(selector: UInt8) async throws {
    let chain = try Self.lab.chain(for: Self.name)
    let root = try Self.lab.root.tlsa(usage: 2, selector: selector, matchingType: 0)
    let verdict = try await Self.verify(chain, [root])
    #expect(
      verdict.result == .authenticated(by: "DANE-TA 2 \(selector) 0, \(Self.name)"), "\(verdict)")
    // The key that signed the leaf itself, the leaf alone in the chain.
    let intermediate = try Self.lab.intermediate.tlsa(
      usage: 2, selector: selector, matchingType: 0)
    #expect(try await Self.verify([chain[0]], [intermediate]).isAcceptable)
    // Names and dates count here too.
    for (fault, failure) in [
      (LabCertificates.Fault.expired, TLSFailure.certificateExpired),
      (.wrongName, .certificateHostMismatch),
    ] {
      let faulty = try Self.lab.chain(for: Self.name, fault)
      #expect(Self.failure(try await Self.verify(faulty, [root])) == failure)
      #expect(Self.failure(try await Self.verify([faulty[0]], [intermediate])) == failure)
    }
    // Another's anchor, and a gap between anchor and leaf.
    let strange = try Self.lab.strangeRoot.tlsa(usage: 2, selector: selector, matchingType: 0)
    #expect(try await !Self.verify(chain, [strange]).isAcceptable)
    #expect(try await !Self.verify([chain[0]], [root]).isAcceptable)
  }

  @Test func readsRSAAnchors() async throws {
    let chain = LabCertificates.rsaChain
    let records = try [UInt8(0), 1].map {
      try chain[2].tlsa(usage: 2, selector: $0, matchingType: 0)
    }
    for record in records {
      #expect(try await Self.verify(Array(chain.dropLast()), [record]).isAcceptable)
      #expect(try await Self.verify(chain, [record]).isAcceptable)
    }
  }

  // RFC 7672 §3.2.3: common names are passed over where there is a DNS-ID.
  @Test func passesOverTheCommonNameBesideADNSID() async throws {
    let leaf = try Self.lab.intermediate.issue(
      .init(commonName: Self.name, dnsNames: ["other.test"]))
    let record = try Self.lab.intermediate.tlsa(usage: 2, selector: 0, matchingType: 1)
    let verdict = try await Self.verify([leaf, Self.lab.intermediate], [record])
    #expect(Self.failure(verdict) == .certificateHostMismatch)
  }

  // RFC 7672 §3.2.2: any of the reference names.
  @Test func acceptsEachReferenceName() async throws {
    let chain = try Self.lab.chain(for: "example.test")
    let record = try Self.lab.intermediate.tlsa(usage: 2, selector: 1, matchingType: 1)
    #expect(
      try await Self.verify(chain, [record], names: [Self.name, "example.test"]).isAcceptable)
    #expect(try await !Self.verify(chain, [record], names: [Self.name]).isAcceptable)
    #expect(
      Self.failure(try await Self.verify(chain, [record], names: [])) == .certificateHostMismatch)
  }

  // The leaf is no authority: under DANE-TA it is not its own anchor; self-signed ones that are
  // authorities are.
  @Test func wantsAnAuthorityAsAnchor() async throws {
    let chain = try Self.lab.chain(for: Self.name)
    let leaf = try chain[0].tlsa(usage: 2, selector: 1, matchingType: 1)
    #expect(Self.failure(try await Self.verify(chain, [leaf])) == .certificateNotTrusted)
    let own = try LabCertificate(
      selfSigned: .init(dnsNames: [Self.name], authority: .unlimited))
    let record = try own.tlsa(usage: 2, selector: 0, matchingType: 1)
    #expect(try await Self.verify([own], [record]).isAcceptable)
  }

  // RFC 7672 §3.1.2: constraints of the anchor's certificate are applied.
  @Test func appliesTheAnchorsConstraints() async throws {
    let below = try Self.lab.intermediate.issue(
      .init(commonName: "Too Deep", authority: .unlimited))
    let leaf = try below.issue(.init(dnsNames: [Self.name]))
    let record = try Self.lab.intermediate.tlsa(usage: 2, selector: 0, matchingType: 1)
    let verdict = try await Self.verify([leaf, below, Self.lab.intermediate], [record])
    #expect(Self.failure(verdict) == .certificateNotTrusted)
  }

  // Rollovers and mixtures; transport.md §5, "Mixed usages": 0 and 1 never reach the check.
  @Test func takesAnyUsableRecord() async throws {
    let chain = try Self.lab.chain(for: Self.name)
    let wrong = TLSARecord(
      usage: 3, selector: 1, matchingType: 1, associationData: Array(repeating: 0, count: 32))
    let anchor = try Self.lab.intermediate.tlsa(usage: 2, selector: 0, matchingType: 1)
    let key = try chain[0].tlsa(usage: 3, selector: 1, matchingType: 1)
    let pkix = try chain[0].tlsa(usage: 1, selector: 1, matchingType: 1)
    let pkixAnchor = try Self.lab.root.tlsa(usage: 0, selector: 0, matchingType: 0)
    #expect(try await Self.verify(chain, [wrong, key]).isAcceptable)
    #expect(try await Self.verify(chain, [wrong, anchor]).isAcceptable)
    #expect(try await Self.verify(chain, [pkixAnchor, pkix, anchor]).isAcceptable)
    #expect(Self.failure(try await Self.verify(chain, [wrong])) == .tlsaInvalid)
    #expect(Self.failure(try await Self.verify(chain, [pkix, pkixAnchor])) == .tlsaInvalid)
    #expect(Self.failure(try await Self.verify(chain, [pkix, pkixAnchor, wrong])) == .tlsaInvalid)
    #expect(Self.failure(try await Self.verify(chain, [])) == .tlsaInvalid)
    // DANE-EE is about the leaf alone.
    let above = try Self.lab.intermediate.tlsa(usage: 3, selector: 1, matchingType: 1)
    #expect(Self.failure(try await Self.verify(chain, [above])) == .tlsaInvalid)
  }

  // Ten anchors of DNS alone are tried; the eleventh is not.
  @Test(arguments: [(9, true), (10, false)])
  func triesSoManyAnchorsOfDNS(others: Int, isAccepted: Bool) async throws {
    let chain = try Self.lab.chain(for: Self.name)
    var records = try (0..<others).map { number in
      try LabCertificate(selfSigned: .init(commonName: "Other \(number)", authority: .unlimited))
        .tlsa(usage: 2, selector: 1, matchingType: 0)
    }
    records.append(try Self.lab.root.tlsa(usage: 2, selector: 1, matchingType: 0))
    #expect(try await Self.verify(chain, records).isAcceptable == isAccepted)
  }
}
