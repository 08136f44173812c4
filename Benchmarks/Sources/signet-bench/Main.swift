import Authentication
import Crypto
import CryptoExtras
import DNS
import Foundation
import Mail
import Wire

@main struct Bench {
  static func cpu() -> Double {
    var u = rusage()
    getrusage(RUSAGE_SELF.rawValue == 0 ? 0 : 0, &u)
    return Double(u.ru_utime.tv_sec) + Double(u.ru_utime.tv_usec) / 1e6 + Double(u.ru_stime.tv_sec)
      + Double(u.ru_stime.tv_usec) / 1e6
  }
  static func main() async throws {
    let n = 2000
    let messages = try (0..<n).map { [UInt8](try Data(contentsOf: URL(filePath: "/tmp/corpus/\($0).eml"))) }
    let zone = ZoneResolver(zones: [try ZoneFile(parsing: [UInt8](try Data(contentsOf: URL(filePath: "/tmp/corpus/zone"))), name: "z")])
    // floor
    let rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    let rsaSig = try rsa.signature(for: SHA256.hash(data: [1]), padding: .insecurePKCS1v1_5)
    let ed = Curve25519.Signing.PrivateKey()
    let edSig = try ed.signature(for: [UInt8](repeating: 1, count: 32))
    let mode = CommandLine.arguments.dropFirst().first ?? ""
    for round in 0..<(mode.isEmpty ? 3 : 30) {
      var t = cpu()
      var ok = 0
      for m in messages {
        var h = SHA256()
        m.withUnsafeBytes { h.update(bufferPointer: $0) }
        let d = h.finalize()
        _ = d
        if m.starts(with: "DKIM-Signature: v=1; a=ed".utf8) {
          ok += ed.publicKey.isValidSignature(edSig, for: [UInt8](repeating: 1, count: 32)) ? 1 : 0
        } else {
          ok += rsa.publicKey.isValidSignature(rsaSig, for: SHA256.hash(data: [1]), padding: .insecurePKCS1v1_5) ? 1 : 0
        }
      }
      let floor = cpu() - t
      t = cpu()
      var pass = 0
      let v = DKIMVerifier(resolver: zone)
      if round == 0 { print(try await v.verify(messages[0], now: 1_795_400_000).map { ($0.result, $0.failure.map { "\($0)" } ?? "") }) }
      if mode != "all" { for m in messages { pass += try await v.verify(m, now: 1_795_400_000).first?.result == .pass ? 1 : 0 } }
      let dkim = cpu() - t
      t = cpu()
      var pass2 = 0
      let a = MessageAuthenticator(resolver: zone)
      let e = Envelope(client: try IPAddress(parsing: "192.0.2.9"), helo: Array("mx.d1.example".utf8), reversePath: Array("a@d1.example".utf8))
      if mode != "dkim" { for m in messages { pass2 += try await a.authenticate(m, envelope: e, now: 1_795_400_000).dmarc.result == .pass ? 1 : 0 } }
      let all = cpu() - t
      print(round, ok, pass, pass2, "floor \(floor / Double(n) * 1e6) us  dkim \(dkim / floor)x  all \(all / floor)x")
    }
  }
}
