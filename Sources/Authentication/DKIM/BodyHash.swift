internal import Crypto
internal import Wire

/// The hash of a body in one canonical form, up to one length.
struct BodyDigest: Hashable, Sendable {
  /// SHA-256 of the octets counted by `hashedCount`.
  var digest: [UInt8]
  var hashedCount: UInt64
  /// How long the whole canonical body is.
  var canonicalCount: UInt64
}

/// Every body hash that the signatures of one message need, each computed once.
///
/// Signatures with the same canonicalization and the same `l=` share one hash.
struct BodyHashes {
  /// What tells two body hashes apart.
  struct Kind: Hashable {
    var form: DKIMCanonicalization
    /// The `l=` tag: only so many canonical octets are hashed.
    var length: UInt64?
  }

  private var hashers: [Kind: BodyHasher] = [:]

  /// Asks for a hash; before the first octet of the body.
  mutating func request(_ kind: Kind) {
    if hashers[kind] == nil { hashers[kind] = BodyHasher(kind) }
  }

  mutating func update(_ piece: ArraySlice<UInt8>) {
    for kind in hashers.keys { hashers[kind]?.update(piece) }
  }

  mutating func finish() -> [Kind: BodyDigest] {
    var digests: [Kind: BodyDigest] = [:]
    for kind in hashers.keys { digests[kind] = hashers[kind]?.finish() }
    return digests
  }
}

/// One canonicalizer and one hash.
private struct BodyHasher {
  private var canonicalizer: BodyCanonicalizer
  private var hash = SHA256()
  private let limit: UInt64
  private var canonicalCount: UInt64 = 0
  private var buffer: [UInt8] = []

  init(_ kind: BodyHashes.Kind) {
    canonicalizer = BodyCanonicalizer(kind.form)
    limit = kind.length ?? .max
  }

  mutating func update(_ piece: ArraySlice<UInt8>) {
    canonicalizer.update(piece, to: &buffer)
    drain()
  }

  mutating func finish() -> BodyDigest {
    canonicalizer.finish(to: &buffer)
    drain()
    return BodyDigest(
      digest: Array(hash.finalize()), hashedCount: min(limit, canonicalCount),
      canonicalCount: canonicalCount)
  }

  private mutating func drain() {
    let room = limit > canonicalCount ? limit - canonicalCount : 0
    let count = Int(min(room, UInt64(buffer.count)))
    if count > 0 { hash.update(octets: buffer[..<count]) }
    canonicalCount += UInt64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }
}

extension SHA256 {
  mutating func update(octets: ArraySlice<UInt8>) {
    unsafe octets.withUnsafeBytes { unsafe update(bufferPointer: $0) }
  }

  /// The hash of octets that are all there.
  static func hash(octets: [UInt8]) -> SHA256Digest {
    var hash = SHA256()
    hash.update(octets: octets[...])
    return hash.finalize()
  }
}
