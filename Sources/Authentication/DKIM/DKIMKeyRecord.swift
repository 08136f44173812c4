public import Wire

/// The TXT record that publishes a DKIM key (RFC 6376 §3.6.1).
///
///     v=DKIM1; k=rsa; h=sha256; s=email; t=s; p=MIIBIjANBgkq…
public struct DKIMKeyRecord: Hashable, Sendable {
  /// `k=`, `rsa` where it is left out.
  public let keyType: String
  /// `p=`: the key; empty when it has been revoked.
  public let publicKey: [UInt8]
  /// `h=`: the hashes that may be used; nil for all.
  public let hashes: [String]?
  /// `s=`: the services that may use the key; `*` stands for all.
  public let services: [String]
  /// `t=y`: the domain is testing. The result of a verification is the same.
  public let isTesting: Bool
  /// `t=s`: the domain of `i=` is `d=` itself, not a name below it.
  public let isStrict: Bool
  /// `n=`: a note for administrators.
  public let notes: String?

  /// An empty `p=`: the key has been withdrawn (RFC 6376 §3.6.1).
  public var isRevoked: Bool { publicKey.isEmpty }

  /// Unknown tags and flags are passed over, the abolished `g=` among them.
  ///
  /// - Parameter text: the record's strings, joined.
  /// - Throws: `SyntaxError`; also where `v=` is not first or a tag is given twice (§3.6.1, §3.2).
  public init(parsing text: [UInt8]) throws(SyntaxError) {
    let tags = try TagList(parsing: text)
    if let version = tags["v"] {
      guard version.value.elementsEqual("DKIM1".utf8), tags.tags.first?.name == "v" else {
        throw SyntaxError(.wrongVersion, at: version.offset)
      }
    }
    guard let key = tags["p"] else { throw SyntaxError(.missing("tag p"), at: text.count) }
    do {
      publicKey = try Base64.decode(key.value, .ignoringWhitespace)
    } catch {
      throw SyntaxError(.badValue("tag p"), at: key.offset)
    }
    keyType = tags["k"]?.value.text ?? DKIMKeyType.rsa.rawValue
    hashes = Self.list(tags["h"])
    services = Self.list(tags["s"]) ?? ["*"]
    let flags = Self.list(tags["t"]) ?? []
    isTesting = flags.contains("y")
    isStrict = flags.contains("s")
    notes = tags["n"]?.value.text
  }

  private static func list(_ tag: TagList.Tag?) -> [String]? {
    tag?.value.split(separator: .colon).map { $0.trimmingFoldingWhitespace.text }
  }

  private static let domainKeyLabel = try? DomainName(parsing: "_domainkey")

  /// Where the key is published: `selector._domainkey.domain` (§3.6.2.1).
  public static func name(_ selector: DomainName, of domain: DomainName) -> DomainName? {
    guard let label = domainKeyLabel else { return nil }
    return try? DomainName(joining: [selector, label, domain])
  }
}
