internal import Crypto
internal import Wire

/// The hash of a body in the making: a value, so that a trial can branch at any octet without
/// hashing again what comes before.
struct BodyTrial {
  private var canonicalizer: BodyCanonicalizer
  private var hash = SHA256()
  /// Canonical octets that `l=` still lets in.
  private var room: UInt64

  init(_ kind: BodyHashes.Kind) {
    canonicalizer = BodyCanonicalizer(kind.form)
    room = kind.length ?? .max
  }

  mutating func feed(_ piece: ArraySlice<UInt8>) {
    guard !piece.isEmpty else { return }
    var canonical: [UInt8] = []
    canonical.reserveCapacity(piece.count + 8)
    canonicalizer.update(piece, to: &canonical)
    take(canonical)
  }

  private mutating func take(_ canonical: [UInt8]) {
    let count = Int(min(room, UInt64(canonical.count)))
    room -= UInt64(count)
    if count > 0 { hash.update(octets: canonical[..<count]) }
  }

  /// Whether the body, ended here, has this hash.
  func matches(_ digest: [UInt8]) -> Bool {
    var ended = self
    var canonical: [UInt8] = []
    ended.canonicalizer.finish(to: &canonical)
    ended.take(canonical)
    return ended.hash.finalize().elementsEqual(digest)
  }
}
