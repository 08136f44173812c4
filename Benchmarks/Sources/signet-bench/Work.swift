import Authentication
import Crypto
import CryptoExtras
import Foundation
import Wire

/// What is measured, and the cryptography that it cannot do without: every signed octet hashed
/// once, those of the body and those of the header apart, and one operation with a key that is
/// kept.
enum Work: String, CaseIterable {
  case verifyDKIM = "DKIM verification"
  case authenticate = "SPF + DKIM + ARC + DMARC"
  case sign = "DKIM signing"

  /// A result other than the one that the corpus must give: then the figures mean nothing.
  struct WrongResult: Error {}

  func run(_ corpus: Corpus) async throws {
    switch self {
    case .verifyDKIM:
      let verifier = DKIMVerifier(resolver: corpus.zone)
      for message in corpus.messages {
        let verdicts = try await verifier.verify(message.signed, now: Corpus.now)
        guard verdicts.map(\.result) == [.pass] else { throw WrongResult() }
      }
    case .authenticate:
      let authenticator = MessageAuthenticator(resolver: corpus.zone)
      let envelope = Envelope(
        client: .v4(0xC000_0209), helo: Array("client.bank.example".utf8),
        reversePath: Array("service@bank.example".utf8))
      for message in corpus.messages {
        let verdict = try await authenticator.authenticate(
          message.signed, envelope: envelope, now: Corpus.now)
        guard verdict.dmarc.result == .pass else { throw WrongResult() }
      }
    case .sign:
      for message in corpus.messages {
        let template = SignatureTemplate(
          domain: corpus.domain,
          selector: try DomainName(parsing: message.usesEd25519 ? "e" : "r"),
          key: message.usesEd25519 ? corpus.ed25519 : corpus.rsa)
        var signer = MessageSigner([template], now: Corpus.now)
        try signer.read(message.unsigned[...])
        guard try signer.finish().signatureCount == 1 else { throw WrongResult() }
      }
    }
  }

  func runFloor(_ corpus: Corpus) throws {
    let keys = try FloorKeys()
    for message in corpus.messages {
      _ = SHA256.hash(data: message.body)
      let digest = SHA256.hash(data: message.signedHeader)
      if self == .sign {
        try keys.sign(digest, message.usesEd25519)
      } else {
        try keys.verify(digest, message.usesEd25519)
      }
    }
  }
}

/// Keys of the same kinds as the corpus has, used on one known signature each.
private struct FloorKeys {
  private let rsa: _RSA.Signing.PrivateKey
  private let rsaPublic: _RSA.Signing.PublicKey
  private let rsaSignature: _RSA.Signing.RSASignature
  private let ed25519 = Curve25519.Signing.PrivateKey()
  private let ed25519Public: Curve25519.Signing.PublicKey
  private let ed25519Signature: Data
  private let known = SHA256.hash(data: Data("known".utf8))

  init() throws {
    rsa = try Self.sharedRSA.get()
    rsaPublic = rsa.publicKey
    rsaSignature = try rsa.signature(for: known, padding: .insecurePKCS1v1_5)
    ed25519Public = ed25519.publicKey
    ed25519Signature = try ed25519.signature(for: Data(known))
  }

  /// Made once: making a key costs more than a hundred verifications.
  private static let sharedRSA = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

  func verify(_ digest: SHA256Digest, _ usesEd25519: Bool) throws {
    let isValid =
      usesEd25519
      ? ed25519Public.isValidSignature(ed25519Signature, for: Data(known))
      : rsaPublic.isValidSignature(rsaSignature, for: known, padding: .insecurePKCS1v1_5)
    guard isValid else { throw Work.WrongResult() }
  }

  func sign(_ digest: SHA256Digest, _ usesEd25519: Bool) throws {
    if usesEd25519 {
      _ = try ed25519.signature(for: Data(digest))
    } else {
      _ = try rsa.signature(for: digest, padding: .insecurePKCS1v1_5)
    }
  }
}
