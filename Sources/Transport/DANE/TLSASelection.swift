public import DNS
internal import Wire

/// The TLSA records of one host, sorted into those that authenticate it and those that do not.
///
///     _25._tcp.mx.example.com. IN TLSA 3 1 1 2fdcfc86…
///
/// Usable are the usages 2 and 3 alone: SMTP has no use for PKIX-TA(0) and PKIX-EE(1), and to
/// verify them beside the others has hurt other verifiers (RFC 7672 §3.1.3). A record of an unknown
/// number or with malformed data is not usable (RFC 6698 §4.1). Of the usable ones with the same
/// usage and selector, digests weaker than the strongest are then left out; Full(0) stays
/// (RFC 7671 §9).
public struct TLSASelection: Hashable, Sendable {
  /// Why a record was left out.
  public enum Exclusion: Hashable, Sendable {
    /// PKIX-TA(0) or PKIX-EE(1) (RFC 7672 §3.1.3).
    case usageOfPKIX
    /// A usage, selector or matching type that has no meaning here (RFC 6698 §4.1).
    case unknownUsage, unknownSelector, unknownMatchingType
    /// A digest of this many octets, not of 32 or 64.
    case digestLength(Int)
    /// Full(0), and no certificate or public key in DER.
    case malformed
    /// A stronger digest stands beside it (RFC 7671 §9).
    case weakerDigest
    /// There are more usable records than are looked at.
    case beyondLimit
  }

  /// A record that was left out, and why.
  public struct Excluded: Hashable, Sendable {
    /// The record.
    public var record: TLSARecord
    /// Why it does not count.
    public var reason: Exclusion
  }

  /// At most this many usable records are looked at, in the order of the answer: more than any
  /// rollover needs, so that a large answer cannot buy much work in a handshake.
  public static let maximumRecords = 100

  /// The records that authenticate, in the order of the answer.
  public let usable: [TLSARecord]
  /// The others.
  public let excluded: [Excluded]

  /// Sorts the records of one answer.
  public init(_ records: [TLSARecord]) {
    var usable: [TLSARecord] = []
    var excluded: [Excluded] = []
    var strongest: [UInt16: UInt8] = [:]
    for record in records {
      if let reason = Self.fault(in: record) {
        excluded.append(Excluded(record: record, reason: reason))
      } else {
        usable.append(record)
        strongest[Self.group(record)] = max(
          strongest[Self.group(record)] ?? 0, record.matchingType)
      }
    }
    var kept: [TLSARecord] = []
    for record in usable {
      if record.matchingType != 0, record.matchingType != strongest[Self.group(record)] {
        excluded.append(Excluded(record: record, reason: .weakerDigest))
      } else if kept.count == Self.maximumRecords {
        excluded.append(Excluded(record: record, reason: .beyondLimit))
      } else {
        kept.append(record)
      }
    }
    self.usable = kept
    self.excluded = excluded
  }

  private static func group(_ record: TLSARecord) -> UInt16 {
    UInt16(record.usage) << 8 | UInt16(record.selector)
  }

  private static func fault(in record: TLSARecord) -> Exclusion? {
    switch record.usage {
    case 0, 1: return .usageOfPKIX
    case 2, 3: break
    default: return .unknownUsage
    }
    guard record.selector <= 1 else { return .unknownSelector }
    let octets = record.associationData
    switch record.matchingType {
    case 0:
      let isWellFormed =
        record.selector == 0
        ? CertificateFields(der: octets) != nil
        : CertificateFields.isPublicKeyInfo(octets)
      return isWellFormed ? nil : .malformed
    case 1: return octets.count == 32 ? nil : .digestLength(octets.count)
    case 2: return octets.count == 64 ? nil : .digestLength(octets.count)
    default: return .unknownMatchingType
    }
  }
}

extension TLSASelection.Exclusion: CustomStringConvertible {
  /// In words: `usage is for the web PKI`, `digest of 2 octets`.
  public var description: String {
    switch self {
    case .usageOfPKIX: "usage is for the web PKI"
    case .unknownUsage: "unknown usage"
    case .unknownSelector: "unknown selector"
    case .unknownMatchingType: "unknown matching type"
    case .digestLength(let count): "digest of \(count) octets"
    case .malformed: "no certificate or key in DER"
    case .weakerDigest: "a stronger digest stands beside it"
    case .beyondLimit: "more than \(TLSASelection.maximumRecords) usable records"
    }
  }

  /// The rule that leaves such a record out.
  var cites: String {
    switch self {
    case .usageOfPKIX: "RFC 7672 §3.1.3"
    case .weakerDigest: "RFC 7671 §9"
    case .beyondLimit: "limit"
    default: "RFC 6698 §4.1"
    }
  }
}

extension TLSARecord {
  /// The three numbers, as in `DANE-EE 3 1 1`.
  var numbers: String { "\(usage) \(selector) \(matchingType)" }

  /// As in a zone file; long data is cut: `3 1 1 2fdcfc8650815f08494b445d45db210e…`.
  var excerpt: String {
    let digits: [UInt8] = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for octet in associationData.prefix(16) {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    let tail = associationData.count > 16 ? "…" : ""
    return "\(numbers) \(String(decoding: text, as: UTF8.self))\(tail)"
  }
}
