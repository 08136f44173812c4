package import Authentication

/// Keys that all tests of one process share: to make an RSA key takes seconds in a debug build.
package enum TestKeys {
  package static let ed25519 = SigningKey.ed25519()

  /// 2048 bits.
  package static let rsa: SigningKey = {
    do { return try SigningKey.rsa(bits: 2048) } catch {
      preconditionFailure("no RSA key: \(error)")
    }
  }()
}
