import Authentication
import Crypto
import CryptoExtras
import DNS
import Foundation
import Wire

/// Messages made on the spot, with the zone that publishes their keys: sizes are log-normal with
/// a median of 8 KB, some to 1 MB; nine tenths are signed with RSA-2048, a tenth with Ed25519.
struct Corpus {
  /// A class, so that to walk over the corpus copies nothing.
  final class Message: Sendable {
    let unsigned: [UInt8]
    let signed: [UInt8]
    let usesEd25519: Bool
    /// As many octets of the header as the signature hashes in canonical form.
    let signedHeader: ArraySlice<UInt8>
    /// It is its own canonical form.
    let body: ArraySlice<UInt8>

    init(unsigned: [UInt8], signed: [UInt8], usesEd25519: Bool, signedHeaderCount: Int) {
      let end = signed.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? signed.count
      self.unsigned = unsigned
      self.signed = signed
      self.usesEd25519 = usesEd25519
      signedHeader = signed[..<signedHeaderCount]
      body = signed[end...]
    }
  }

  let messages: [Message]
  let zone: ZoneResolver
  let zoneText: String
  let rsa: SigningKey
  /// The private key of `rsa`, for a process of its own.
  let rsaPEM: String
  let ed25519: SigningKey
  let domain: DomainName

  /// After every signature was made.
  static let now: UInt64 = 1_795_341_600

  init(count: Int) async throws {
    domain = try DomainName(parsing: "bank.example")
    rsaPEM = try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation
    rsa = try SigningKey(pem: rsaPEM)
    ed25519 = SigningKey.ed25519()
    zoneText = Self.zoneText(rsa, ed25519)
    zone = ZoneResolver(zones: [try ZoneFile(parsing: Array(zoneText.utf8), name: "corpus")])
    let verifier = DKIMVerifier(resolver: zone)
    var random = SplitMix(state: 42)
    var messages: [Message] = []
    for number in 0..<count {
      let unsigned = Self.letter(number, &random)
      let usesEd25519 = number % 10 == 9
      let template = SignatureTemplate(
        domain: domain, selector: try DomainName(parsing: usesEd25519 ? "e" : "r"),
        key: usesEd25519 ? ed25519 : rsa)
      var signer = MessageSigner([template], now: Self.now)
      try signer.read(unsigned[...])
      let signed = try signer.finish().fields + unsigned
      let verdicts = try await verifier.verify(signed, now: Self.now)
      messages.append(
        Message(
          unsigned: unsigned, signed: signed, usesEd25519: usesEd25519,
          signedHeaderCount: try Self.hashedHeaderCount(verdicts)))
    }
    self.messages = messages
  }

  /// How many octets of the header the one signature hashes, which verifies.
  private static func hashedHeaderCount(_ verdicts: [DKIMVerdict]) throws -> Int {
    guard verdicts.map(\.result) == [.pass],
      let step = verdicts[0].evidence.first(where: { $0.step == "dkim header hash" }),
      let count = step.subject.split(separator: " ").first.flatMap({ Int($0) })
    else { throw Work.WrongResult() }
    return count
  }

  var octets: Int { messages.reduce(0) { $0 + $1.signed.count } }

  private static func zoneText(_ rsa: SigningKey, _ ed25519: SigningKey) -> String {
    let record = rsa.keyRecord
    return """
      bank.example.              TXT "v=spf1 ip4:192.0.2.0/24 -all"
      _dmarc.bank.example.       TXT "v=DMARC1; p=reject"
      r._domainkey.bank.example. TXT "\(record.prefix(200))" "\(record.dropFirst(200))"
      e._domainkey.bank.example. TXT "\(ed25519.keyRecord)"

      """
  }

  /// A letter as people write them, in lines of up to 76 columns.
  private static func letter(_ number: Int, _ random: inout SplitMix) -> [UInt8] {
    var text = """
      Received: from client.bank.example (client.bank.example [192.0.2.9])
       by mx.customer.example with ESMTPS id \(number); Sun, 22 Nov 2026 09:58:00 +0000
      From: Bank Service <service@bank.example>
      To: Ann Customer <ann@customer.example>
      Subject: Account statement number \(number)
      Date: Sun, 22 Nov 2026 09:58:00 +0000
      Message-ID: <\(number)@bank.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8


      """.replacing("\n", with: "\r\n")
    let size = min(1_000_000, Int(exp(log(8000) + random.normal())))
    var column = 0
    while text.utf8.count < size {
      let word = words[Int(random.next() % UInt64(words.count))]
      text += word
      column += word.utf8.count + 1
      text += column > 66 ? "\r\n" : " "
      if column > 66 { column = 0 }
    }
    return Array((text + "end\r\n").utf8)
  }

  private static let words =
    "the bank account of your statement is ready please look at it before november ends thank you"
    .split(separator: " ").map(String.init)
}

/// A small generator whose numbers are the same in every run.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Of mean 0 and deviation 1 (Box and Muller).
  mutating func normal() -> Double {
    let one = Double(next() >> 11) / Double(1 << 53) + 1e-12
    let other = Double(next() >> 11) / Double(1 << 53)
    return (-2 * log(one)).squareRoot() * cos(2 * .pi * other)
  }
}
