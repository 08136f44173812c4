internal import Crypto
internal import Wire

/// The hash of a body in the making: a value, so that a trial can branch at any octet without
/// hashing again what comes before.
struct BodyTrial {
  private var canonicalizer: BodyCanonicalizer
  private var hash: LimitedHash

  init(_ kind: BodyHashes.Kind) {
    canonicalizer = BodyCanonicalizer(kind.form)
    hash = LimitedHash(room: kind.length ?? .max)
  }

  mutating func feed(_ piece: ArraySlice<UInt8>) { canonicalizer.update(piece, to: &hash) }

  /// Whether the body, ended here, has this hash.
  func matches(_ digest: [UInt8]) -> Bool {
    var ended = self
    ended.canonicalizer.finish(to: &ended.hash)
    return ended.hash.value.finalize().elementsEqual(digest)
  }
}

/// The hash of so many canonical octets as `l=` lets in.
private struct LimitedHash: BodySink {
  private(set) var value = SHA256()
  private var room: UInt64

  init(room: UInt64) { self.room = room }

  mutating func take(_ octets: ArraySlice<UInt8>) {
    let count = Int(min(room, UInt64(octets.count)))
    room -= UInt64(count)
    if count > 0 { value.update(octets: octets.prefix(count)) }
  }
}
