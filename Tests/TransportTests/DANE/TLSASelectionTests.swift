import DNS
import MailTesting
import Testing
import Transport

@Suite("Usable TLSA records, RFC 6698 §4.1, RFC 7671 §9, RFC 7672 §3.1")
struct TLSASelectionTests {
  private static func record(
    _ usage: UInt8, _ selector: UInt8, _ matchingType: UInt8, count: Int
  ) -> TLSARecord {
    TLSARecord(
      usage: usage, selector: selector, matchingType: matchingType,
      associationData: Array(repeating: 7, count: count))
  }

  @Test(arguments: [
    (record(3, 1, 1, count: 32), TLSASelection.Exclusion?.none),
    (record(3, 0, 2, count: 64), nil),
    (record(2, 0, 1, count: 32), nil),
    (record(2, 1, 2, count: 64), nil),
    (record(0, 0, 1, count: 32), .usageOfPKIX),
    (record(1, 1, 1, count: 32), .usageOfPKIX),
    (record(4, 1, 1, count: 32), .unknownUsage),
    (record(255, 1, 1, count: 32), .unknownUsage),
    (record(3, 2, 1, count: 32), .unknownSelector),
    (record(3, 1, 3, count: 32), .unknownMatchingType),
    (record(3, 1, 255, count: 32), .unknownMatchingType),
    // Both sides of each digest's length.
    (record(3, 1, 1, count: 31), .digestLength(31)),
    (record(3, 1, 1, count: 33), .digestLength(33)),
    (record(3, 1, 1, count: 0), .digestLength(0)),
    (record(3, 1, 2, count: 63), .digestLength(63)),
    (record(3, 1, 2, count: 65), .digestLength(65)),
    (record(3, 1, 2, count: 32), .digestLength(32)),
    // Full(0) has to be a certificate or a key.
    (record(3, 0, 0, count: 32), .malformed),
    (record(3, 1, 0, count: 32), .malformed),
    (record(3, 0, 0, count: 0), .malformed),
    (record(2, 1, 0, count: 0), .malformed),
  ])
  func sortsOneRecord(record: TLSARecord, reason: TLSASelection.Exclusion?) {
    let selection = TLSASelection([record])
    #expect(selection.usable == (reason == nil ? [record] : []))
    #expect(selection.excluded.map(\.reason) == (reason.map { [$0] } ?? []))
    #expect(selection.excluded.allSatisfy { !"\($0.reason)".isEmpty })
  }

  @Test func readsWholeCertificatesAndKeys() throws {
    let root = LabCertificates.shared.root
    for selector in [UInt8(0), 1] {
      var record = try root.tlsa(usage: 2, selector: selector, matchingType: 0)
      #expect(TLSASelection([record]).usable == [record])
      // Leftovers, and a piece that is missing.
      record.associationData.append(0)
      #expect(TLSASelection([record]).excluded.map(\.reason) == [.malformed])
      record.associationData.removeLast(2)
      #expect(TLSASelection([record]).excluded.map(\.reason) == [.malformed])
    }
    // A key where a certificate is due, and the other way round.
    let key = TLSARecord(
      usage: 3, selector: 0, matchingType: 0, associationData: try root.publicKeyInfo)
    let whole = TLSARecord(
      usage: 3, selector: 1, matchingType: 0, associationData: root.der)
    #expect(TLSASelection([key, whole]).usable == [])
  }

  // RFC 7671 §9: its example, then one group for each usage and selector.
  @Test func keepsTheStrongestDigestOfEachGroup() throws {
    let root = LabCertificates.shared.root
    let full = try root.tlsa(usage: 3, selector: 1, matchingType: 0)
    let sha256 = Self.record(3, 1, 1, count: 32)
    let sha512 = Self.record(3, 1, 2, count: 64)
    let example = TLSASelection([sha256, sha512, full])
    #expect(example.usable == [sha512, full])
    #expect(example.excluded.map(\.record) == [sha256])
    #expect(example.excluded.map(\.reason) == [.weakerDigest])

    let others = [
      Self.record(3, 0, 1, count: 32), Self.record(2, 1, 1, count: 32),
      Self.record(2, 0, 1, count: 32),
    ]
    #expect(TLSASelection([sha512] + others).usable == [sha512] + others)
    // A malformed stronger one weakens nobody.
    let malformed = Self.record(3, 1, 2, count: 63)
    #expect(TLSASelection([malformed, sha256]).usable == [sha256])
    #expect(TLSASelection([full, sha256]).usable == [full, sha256])
  }

  @Test(arguments: [(100, 0), (101, 1)])
  func looksAtSoManyRecords(count: Int, left: Int) {
    let records = (0..<count).map { number in
      TLSARecord(
        usage: 3, selector: 1, matchingType: 1,
        associationData: Array(repeating: UInt8(number), count: 32))
    }
    let selection = TLSASelection(records)
    #expect(selection.usable.count == TLSASelection.maximumRecords)
    #expect(selection.excluded.map(\.reason) == Array(repeating: .beyondLimit, count: left))
  }

  @Test func takesNothingFromNothing() {
    #expect(TLSASelection([]).usable == [])
    #expect(TLSASelection([]).excluded == [])
  }
}
