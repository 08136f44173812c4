/// How a signature is made (RFC 6376 §3.3, RFC 8463 §3).
public enum DKIMAlgorithm: String, Sendable, CaseIterable {
  /// RFC 6376 §3.3.2.
  case rsaSHA256 = "rsa-sha256"
  /// RFC 8463 §3.
  case ed25519SHA256 = "ed25519-sha256"
  /// Known so that it can be named; RFC 8301 §3.1 forbids to accept it.
  case rsaSHA1 = "rsa-sha1"

  /// The `k=` of the key record that such a signature needs.
  public var keyType: DKIMKeyType { self == .ed25519SHA256 ? .ed25519 : .rsa }

  /// The name of the hash in the `h=` of a key record.
  var hashName: String { self == .rsaSHA1 ? "sha1" : "sha256" }
}

/// The type of a public key (RFC 6376 §3.6.1, RFC 8463 §4).
public enum DKIMKeyType: String, Sendable, CaseIterable {
  /// RFC 6376 §3.6.1.
  case rsa
  /// RFC 8463 §4.
  case ed25519
}

/// What is done to octets before they are hashed, so that harmless changes in transit do no harm
/// (RFC 6376 §3.4).
public enum DKIMCanonicalization: String, Sendable, CaseIterable {
  /// Tolerates nothing in the header, and only empty lines at the end of the body.
  case simple
  /// Tolerates changes of blanks, and of the case of field names.
  case relaxed
}
