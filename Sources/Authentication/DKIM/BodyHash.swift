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
/// The body is canonicalized once for each form, whatever the number of signatures, and
/// signatures with the same `l=` share one hash.
struct BodyHashes {
  /// What tells two body hashes apart.
  struct Kind: Hashable {
    var form: DKIMCanonicalization
    /// The `l=` tag: only so many canonical octets are hashed.
    var length: UInt64?
  }

  /// How many different `l=` are hashed for one form: each is a hash of its own.
  static let maximumLengths = 8

  private var forms: [DKIMCanonicalization: BodyHasher] = [:]

  /// Asks for a hash; before the first octet of the body. One `l=` too many is not hashed.
  mutating func request(_ kind: Kind) {
    forms[kind.form, default: BodyHasher(kind.form)].request(kind.length)
  }

  mutating func update(_ piece: ArraySlice<UInt8>) {
    for form in forms.keys { forms[form]?.update(piece) }
  }

  mutating func finish() -> [Kind: BodyDigest] {
    var digests: [Kind: BodyDigest] = [:]
    for form in forms.keys {
      for (length, digest) in forms[form]?.finish() ?? [:] {
        digests[Kind(form: form, length: length)] = digest
      }
    }
    return digests
  }
}

/// One canonicalizer, and a hash for each length.
private struct BodyHasher {
  private var canonicalizer: BodyCanonicalizer
  private var hashes: [UInt64?: SHA256] = [:]
  private var canonicalCount: UInt64 = 0
  private var buffer: [UInt8] = []

  init(_ form: DKIMCanonicalization) { canonicalizer = BodyCanonicalizer(form) }

  mutating func request(_ length: UInt64?) {
    guard hashes[length] == nil, length == nil || hashes.count < BodyHashes.maximumLengths + 1
    else { return }
    hashes[length] = SHA256()
  }

  mutating func update(_ piece: ArraySlice<UInt8>) {
    var rest = piece
    while !rest.isEmpty {
      rest = canonicalizer.update(rest, to: &buffer)
      drain()
    }
  }

  mutating func finish() -> [UInt64?: BodyDigest] {
    while !canonicalizer.finish(to: &buffer) { drain() }
    drain()
    var digests: [UInt64?: BodyDigest] = [:]
    for (length, hash) in hashes {
      digests[length] = BodyDigest(
        digest: Array(hash.finalize()), hashedCount: min(length ?? .max, canonicalCount),
        canonicalCount: canonicalCount)
    }
    return digests
  }

  private mutating func drain() {
    for length in hashes.keys {
      let limit = length ?? .max
      let room = limit > canonicalCount ? limit - canonicalCount : 0
      let count = Int(min(room, UInt64(buffer.count)))
      if count > 0 { hashes[length]?.update(octets: buffer[..<count]) }
    }
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
