@testable import Authentication
import Crypto
import CryptoExtras
import Foundation
import Mail
import MailTesting
import Wire

/// Signs messages for the diagnosis tests, with `z=` where asked.
struct TransitSigner {
  enum Key {
    case ed25519(Curve25519.Signing.PrivateKey)
    case rsa(_RSA.Signing.PrivateKey)
  }

  var key: Key
  var header = DKIMCanonicalization.relaxed
  var body = DKIMCanonicalization.relaxed
  var copiesFields = false
  /// `ARC-Message-Signature` for a set of ARC.
  var fieldName = "DKIM-Signature"

  static let names = [
    "from", "to", "cc", "subject", "date", "message-id", "reply-to", "mime-version",
    "content-type", "content-transfer-encoding", "keywords", "keywords",
  ]

  var record: String {
    switch key {
    case .ed25519(let key):
      "v=DKIM1; k=ed25519; p=\(Base64.encode(Array(key.publicKey.rawRepresentation)))"
    case .rsa(let key):
      "v=DKIM1; k=rsa; p=\(Base64.encode(Array(key.publicKey.derRepresentation)))"
    }
  }

  private var algorithm: String {
    if case .rsa = key { "rsa-sha256" } else { "ed25519-sha256" }
  }

  func sign(_ message: TransitMessage, leadingTags: String = "v=1; ") throws -> TransitMessage {
    let octets = message.octets
    let (header, bodyOctets) = try MessageReader.split(octets)
    var canonicalizer = BodyCanonicalizer(body)
    var canonicalBody = CanonicalOctets()
    canonicalizer.update(bodyOctets, to: &canonicalBody)
    canonicalizer.finish(to: &canonicalBody)
    let bodyHash = Base64.encode(Array(SHA256.hash(data: canonicalBody.octets)))
    var signed: [UInt8] = []
    var copies: [String] = []
    var picker = SignedFieldPicker(header)
    for name in Self.names {
      guard let field = picker.pick(name) else { continue }
      self.header.append(field, of: header, to: &signed)
      copies.append("\(name):\(Self.quoted(header.value(of: field)))")
    }
    let z = copiesFields ? " z=\(copies.joined(separator: "|\r\n  "));\r\n" : ""
    let value =
      " \(leadingTags)a=\(algorithm); c=\(self.header.rawValue)/\(body.rawValue);\r\n"
      + " d=example.org; s=s1; t=1790000000;\r\n h=\(Self.names.joined(separator: ":"));\r\n"
      + "\(z) bh=\(bodyHash);\r\n b="
    let own = MessageHeader(octets: Array("\(fieldName):\(value)".utf8))
    for field in own.fields {
      self.header.append(signatureField: field, of: own, without: 0..<0, to: &signed)
    }
    var result = message
    result.fields.insert((fieldName, value + (try signature(over: signed))), at: 0)
    return result
  }

  private func signature(over octets: [UInt8]) throws -> String {
    let digest = SHA256.hash(data: octets)
    switch key {
    case .ed25519(let key): return Base64.encode(Array(try key.signature(for: Data(digest))))
    case .rsa(let key):
      return Base64.encode(
        Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation))
    }
  }

  private static func quoted(_ value: ArraySlice<UInt8>) -> String {
    value.map { octet in
      if octet.isVisible, !"=;|".utf8.contains(octet) { return String(UnicodeScalar(octet)) }
      let hex = String(octet, radix: 16, uppercase: true)
      return "=\(hex.utf8.count < 2 ? "0" : "")\(hex)"
    }.joined()
  }
}
