internal import Wire

/// A key record as published, and the public key that is in it.
struct DKIMKey: Sendable {
  /// The record's strings, joined.
  let text: [UInt8]
  let record: DKIMKeyRecord
  /// Read as a key of the type that the record names.
  private let publicKey: Result<DKIMPublicKey, DKIMFailure>

  /// - Throws: `SyntaxError` of the record. A key that cannot be used is told when it is wanted.
  init(parsing text: [UInt8]) throws(SyntaxError) {
    self.text = text
    record = try DKIMKeyRecord(parsing: text)
    guard let type = DKIMKeyType(rawValue: record.keyType) else {
      publicKey = .failure(.keyTypeMismatch(published: record.keyType))
      return
    }
    do throws(DKIMFailure) {
      publicKey = .success(try DKIMPublicKey(record, as: type))
    } catch {
      publicKey = .failure(error)
    }
  }

  /// The key, if it may be used for such a signature (RFC 6376 §6.1.2).
  func publicKey(for algorithm: DKIMAlgorithm) throws(DKIMFailure) -> DKIMPublicKey {
    guard !record.isRevoked else { throw .keyRevoked }
    if let hashes = record.hashes, !hashes.contains(algorithm.hashName) { throw .hashNotAllowed }
    guard record.keyType == algorithm.keyType.rawValue else {
      throw .keyTypeMismatch(published: record.keyType)
    }
    guard record.services.contains("*") || record.services.contains("email") else {
      throw .notForEmail
    }
    return try publicKey.get()
  }
}
