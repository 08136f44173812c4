internal import Crypto
public import DNS
public import Wire

/// Whether DNS publishes the public half of a private key (RFC 6376 §3.6).
public enum KeyPublication: Hashable, Sendable {
  /// Verifiers will accept signatures of this key.
  case matches(DKIMKeyRecord)
  /// The record holds another key.
  case mismatch
  /// Verifiers will not accept it, whatever the private key: no record, several, revoked, too
  /// small, for another type, hash or service.
  case unusable(DKIMFailure)
  /// DNS said nothing.
  case unknown(LookupFailure)

  /// Looks the record up and compares it.
  ///
  /// A record matches where it verifies what the private key signs: it is not its text that
  /// counts.
  public static func of(
    _ key: SigningKey, at name: DomainName, in resolver: some Resolver
  ) async -> KeyPublication {
    switch await DKIMKeyLookup(resolver: resolver, cache: DKIMKeyCache()).key(name) {
    case .failure(.keyLookupFailed(let failure)): return .unknown(failure)
    case .failure(let failure): return .unusable(failure)
    case .key(let published):
      do throws(DKIMFailure) {
        let publicKey = try published.publicKey(for: key.algorithm)
        return key.isMade(for: publicKey) ? .matches(published.record) : .mismatch
      } catch {
        return .unusable(error)
      }
    }
  }
}

extension SigningKey {
  /// Whether the public key verifies what this one signs.
  fileprivate func isMade(for publicKey: DKIMPublicKey) -> Bool {
    let probe = Array("Is this my key?".utf8)
    guard let signature = try? signature(over: probe) else { return false }
    return publicKey.verifies(signature, of: SHA256.hash(octets: probe))
  }
}
