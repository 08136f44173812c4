/// A zone that a `NameServer` serves.
public struct LabZone: Sendable {
  /// What DNSSEC says of the zone.
  public enum Signing: Hashable, Sendable {
    /// Not signed, and the root says so.
    case unsigned
    /// Signed with dates that hold now, its DS in the root.
    case signed
    /// Signed as by `.signed`, but the signatures were good only in the past.
    case expired
    /// Not signed, but the root holds a DS, so that a proof is missing.
    case stripped
  }

  public var origin: String
  public var text: String
  public var signing: Signing
  /// Changes the zone file after signing, so that what is changed becomes bogus.
  public var tampering: [String: String]

  /// - Parameters:
  ///   - origin: with its final dot; not the root, which the name server makes.
  ///   - text: the records, without `$ORIGIN`; an SOA and NS are among them.
  public init(
    origin: String, text: String, signing: Signing = .unsigned, tampering: [String: String] = [:]
  ) {
    self.origin = origin
    self.text = text
    self.signing = signing
    self.tampering = tampering
  }

  /// The zone with an SOA (negative TTL 60 s) and a name server added.
  public static func plain(
    origin: String, text: String, signing: Signing, tampering: [String: String] = [:]
  ) -> LabZone {
    let apex = """
      @ 600 SOA ns hostmaster 1 3600 600 86400 60
      @ 600 NS ns
      ns 600 A 127.0.0.1

      """
    return LabZone(origin: origin, text: apex + text, signing: signing, tampering: tampering)
  }
}
