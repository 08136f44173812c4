import DNS
import MailTesting
import SwiftASN1
import Testing
import Transport
import Wire

@Suite("Chains that a stranger made to hurt")
struct HostileChainTests {
  static let lab = LabCertificates.shared
  static let name = LabCertificates.goodName

  static func requirement(_ records: [TLSARecord]) throws -> TLSRequirement {
    TLSRequirement(.dane(records), referenceNames: [try DomainName(parsing: name)])
  }

  static func isAccepted(_ chain: [[UInt8]], _ requirement: TLSRequirement) async -> Bool {
    let verifier = PeerVerifier(trustRoots: .none)
    return await verifier.verify(chain, requirement, now: LabCertificates.now).isAcceptable
  }

  /// A certificate of which swift-certificates knows neither key nor algorithm.
  static func strangeCertificate() throws -> (der: [UInt8], key: [UInt8]) {
    let good = try lab.server(for: name)
    let key = try good.publicKeyInfo
    // id-ecPublicKey, 1.2.840.10045.2.1, becomes 1.2.840.10045.2.99.
    let oid: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    let strange = Array(oid.dropLast()) + [99]
    return (replace(oid, by: strange, in: good.der), replace(oid, by: strange, in: key))
  }

  static func replace(_ old: [UInt8], by new: [UInt8], in octets: [UInt8]) -> [UInt8] {
    for start in octets.indices where octets[start...].starts(with: old) {
      return Array(octets[..<start]) + new + Array(octets[(start + old.count)...])
    }
    return octets
  }

  // RFC 7672 §3.1.1: the rest of the certificate does not matter.
  @Test func knowsKeysThatNobodyKnows() async throws {
    let strange = try Self.strangeCertificate()
    #expect(CertificateSummary(der: strange.der) == nil)
    let key = TLSARecord(
      usage: 3, selector: 1, matchingType: 0, associationData: strange.key)
    let whole = TLSARecord(
      usage: 3, selector: 0, matchingType: 0, associationData: strange.der)
    for record in [key, whole] {
      #expect(TLSASelection([record]).usable == [record])
      #expect(await Self.isAccepted([strange.der], try Self.requirement([record])))
    }
    let anchor = TLSARecord(
      usage: 2, selector: 1, matchingType: 0, associationData: strange.key)
    #expect(await !Self.isAccepted([strange.der], try Self.requirement([anchor])))
  }

  @Test func refusesOctetsThatAreNoCertificate() async throws {
    let good = try Self.lab.server(for: Self.name)
    let record = try good.tlsa(usage: 3, selector: 1, matchingType: 1)
    let demand = try Self.requirement([record])
    #expect(await Self.isAccepted([good.der], demand))
    for broken in [[], [0x30], [0x30, 0x80, 0, 0], Array(good.der.dropLast()), good.der + [0]] {
      #expect(await !Self.isAccepted([broken], demand))
      #expect(CertificateSummary(der: broken) == nil)
    }
    // What stands above the leaf does not matter to DANE-EE.
    #expect(await Self.isAccepted([good.der, [0x30], []], demand))
  }

  @Test func survivesEveryTruncationAndFlip() async throws {
    let good = try Self.lab.server(for: Self.name)
    let anchor = try Self.lab.intermediate.tlsa(usage: 2, selector: 0, matchingType: 1)
    let demand = try Self.requirement([anchor])
    let rest = [Self.lab.intermediate.der]
    #expect(await Self.isAccepted([good.der] + rest, demand))
    for end in stride(from: 0, to: good.der.count, by: 7) {
      #expect(await !Self.isAccepted([Array(good.der[..<end])] + rest, demand))
    }
    for place in stride(from: 0, to: good.der.count, by: 3) {
      var flipped = good.der
      flipped[place] ^= 0x41
      #expect(await !Self.isAccepted([flipped] + rest, demand), "\(place)")
    }
  }

  @Test func boundsNesting() async throws {
    let deep = Array(repeating: [0x30, 0x80] as [UInt8], count: 20_000).flatMap(\.self)
    let record = TLSARecord(
      usage: 3, selector: 1, matchingType: 1, associationData: Array(repeating: 0, count: 32))
    #expect(await !Self.isAccepted([deep], try Self.requirement([record])))
    let full = TLSARecord(usage: 2, selector: 0, matchingType: 0, associationData: deep)
    #expect(TLSASelection([full]).usable == [])
  }

  // Ten are looked at; the anchor is the tenth, then the eleventh.
  @Test(arguments: [(8, true), (9, false)])
  func looksAtTenCertificates(padding: Int, isAccepted: Bool) async throws {
    let leaf = try Self.lab.strangeRoot.issue(.init(dnsNames: [Self.name]))
    let other = try Self.lab.server(for: "other.test")
    let anchor = try Self.lab.strangeRoot.tlsa(usage: 2, selector: 0, matchingType: 1)
    let chain = [leaf] + Array(repeating: other, count: padding) + [Self.lab.strangeRoot]
    let verdict = await Self.isAccepted(chain.map(\.der), try Self.requirement([anchor]))
    #expect(verdict == isAccepted)
  }

  // 64 KiB to the octet.
  @Test func boundsTheSizeOfACertificate() async throws {
    func certificate(_ count: Int) throws -> LabCertificate {
      try LabCertificate(
        selfSigned: .init(dnsNames: [Self.name, String(repeating: "a", count: count)]))
    }
    let overhead = try certificate(60_000).der.count - 60_000
    // The length of a signature varies by some octets: try until it fits.
    var sizes: [Int: LabCertificate] = [:]
    for count in 65_533 - overhead...65_540 - overhead {
      for _ in 0..<4 {
        let made = try certificate(count)
        sizes[made.der.count] = made
      }
    }
    for (size, isAccepted) in [(65_536, true), (65_537, false)] {
      let made = try #require(sizes[size], "\(sizes.keys.sorted())")
      let record = try made.tlsa(usage: 3, selector: 1, matchingType: 1)
      #expect(await Self.isAccepted([made.der], try Self.requirement([record])) == isAccepted)
    }
  }

  // Authorities of one name and one key that all sign each other: ten of them open 8! paths.
  @Test(.timeLimit(.minutes(1))) func boundsThePaths() async throws {
    let first = try LabCertificate(
      selfSigned: .init(commonName: "Ring", dnsNames: ["0.ring.test"], authority: .unlimited))
    let ring = try (1...9).map {
      try first.issue(
        .init(commonName: "Ring", dnsNames: ["\($0).ring.test"], authority: .unlimited),
        keyOf: first)
    }
    let leaf = try first.issue(.init(dnsNames: [Self.name]))
    let chain = [leaf] + ring
    let verdict = try await WebPKITests.verify(chain)
    #expect(WebPKITests.failure(verdict) == .certificateNotTrusted)
    // The same ring under an anchor is found at once.
    #expect(try await WebPKITests.verify(chain, roots: [first]).isAcceptable)
  }

  @Test func describesWhatItSaw() throws {
    let summary = try #require(
      CertificateSummary(der: try Self.lab.server(for: Self.name, "mx2.good.test").der))
    #expect(summary.subject == "CN=\(Self.name)")
    #expect(summary.issuer == "CN=Lab Authority")
    #expect(summary.dnsNames == [Self.name, "mx2.good.test"])
    #expect(summary.notBefore == LabCertificates.validity.lowerBound)
    #expect(summary.notAfter == LabCertificates.validity.upperBound)
    #expect(summary.key == "P256")
    #expect(CertificateSummary(der: LabCertificates.rsaChain[0].der)?.key == "RSA2048")
  }

  @Test func readsTrustRoots() throws {
    let pem = try Self.lab.root.pem + "between\n" + Self.lab.strangeRoot.pem
    _ = try TrustRoots(pem: pem)
    #expect(throws: SyntaxError(.badValue("PEM"), at: 0)) { try TrustRoots(pem: "nothing") }
    #expect(throws: SyntaxError(.badValue("certificate"), at: 0)) {
      try TrustRoots(pem: Self.lab.root.privateKeyPEM)
    }
    #expect(throws: SyntaxError(.badValue("certificate"), at: 1)) {
      try TrustRoots(der: [Self.lab.root.der, [0x30, 0x00]])
    }
  }
}
