import DNS
import MailTesting
import SwiftASN1
import Testing

@Suite("The lab's certificates")
struct LabCertificateTests {
  @Test func areDistinctAndReadable() throws {
    let lab = LabCertificates.shared
    let server = try lab.server(for: "mx.good.test")
    for certificate in [lab.root, lab.intermediate, lab.strangeRoot, server] {
      #expect(try DER.parse(certificate.der).identifier == .sequence)
      #expect(try certificate.pem.hasPrefix("-----BEGIN CERTIFICATE-----\n"))
      #expect(try certificate.privateKeyPEM.contains("PRIVATE KEY-----\n"))
    }
    #expect(Set([lab.root.der, lab.intermediate.der, lab.strangeRoot.der, server.der]).count == 4)
  }

  // RFC 6698 §2.1.4: a digest, or the content itself.
  @Test(arguments: [
    (UInt8(0), UInt8(1), 32), (0, 2, 64), (1, 1, 32), (1, 2, 64), (1, 0, 91),
  ])
  func makesTLSARecords(selector: UInt8, matchingType: UInt8, count: Int) throws {
    let record = try LabCertificates.shared.root.tlsa(
      usage: 2, selector: selector, matchingType: matchingType)
    #expect(record.associationData.count == count)
    #expect(record.usage == 2)
  }
}
