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

  private var hashers: [BodyHasher] = []

  /// Asks for a hash; before the first octet of the body. One `l=` too many is not hashed.
  mutating func request(_ kind: Kind) {
    if !hashers.contains(where: { $0.form == kind.form }) {
      hashers.append(BodyHasher(kind.form))
    }
    for index in hashers.indices where hashers[index].form == kind.form {
      hashers[index].request(kind.length)
    }
  }

  mutating func update(_ piece: ArraySlice<UInt8>) {
    for index in hashers.indices { hashers[index].update(piece) }
  }

  mutating func finish() -> BodyDigests {
    var digests = BodyDigests()
    for index in hashers.indices { hashers[index].finish(&digests) }
    return digests
  }
}

/// The body hashes of one message: at most nine for each of the two forms.
struct BodyDigests {
  private var entries: [(kind: BodyHashes.Kind, digest: BodyDigest)] = []

  mutating func append(_ digest: BodyDigest, for kind: BodyHashes.Kind) {
    entries.append((kind, digest))
  }

  subscript(_ kind: BodyHashes.Kind) -> BodyDigest? {
    entries.first { $0.kind == kind }?.digest
  }
}

/// One canonicalizer, and a hash for each length.
private struct BodyHasher {
  let form: DKIMCanonicalization
  private var canonicalizer: BodyCanonicalizer
  private var lengths = LengthHashes()

  init(_ form: DKIMCanonicalization) {
    self.form = form
    canonicalizer = BodyCanonicalizer(form)
  }

  mutating func request(_ length: UInt64?) { lengths.request(length) }

  mutating func update(_ piece: ArraySlice<UInt8>) { canonicalizer.update(piece, to: &lengths) }

  mutating func finish(_ digests: inout BodyDigests) {
    canonicalizer.finish(to: &lengths)
    for (length, hash) in lengths.hashes {
      let digest = BodyDigest(
        digest: hash.finalize().octets,
        hashedCount: min(length ?? .max, lengths.canonicalCount),
        canonicalCount: lengths.canonicalCount)
      digests.append(digest, for: BodyHashes.Kind(form: form, length: length))
    }
  }
}

/// The hashes of one canonical body up to several lengths.
private struct LengthHashes: BodySink {
  private(set) var hashes: [(length: UInt64?, hash: SHA256)] = []
  private(set) var canonicalCount: UInt64 = 0

  mutating func request(_ length: UInt64?) {
    guard !hashes.contains(where: { $0.length == length }),
      length == nil || hashes.count < BodyHashes.maximumLengths + 1
    else { return }
    hashes.append((length, SHA256()))
  }

  mutating func take(_ octets: ArraySlice<UInt8>) {
    for index in hashes.indices {
      let limit = hashes[index].length ?? .max
      let room = limit > canonicalCount ? limit - canonicalCount : 0
      let count = Int(min(room, UInt64(octets.count)))
      if count > 0 { hashes[index].hash.update(octets: octets.prefix(count)) }
    }
    canonicalCount += UInt64(octets.count)
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

extension SHA256Digest {
  /// Copied at once: as a sequence they would be one by one.
  var octets: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}
