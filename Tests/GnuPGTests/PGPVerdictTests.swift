@testable import GnuPG
import Testing

@Suite("Status lines of gpgv")
struct PGPVerdictTests {
  static let pinned = String(repeating: "AB", count: 20)
  static let valid = "VALIDSIG \(pinned) 2020-05-20 1589995512 0 4 0 22 10 00 \(pinned)"
  static let good = "GOODSIG ABABABABABABABAB Example"

  static func verdict(_ lines: [String], exitedWell: Bool = true) -> PGPVerdict {
    let output = lines.map { "[GNUPG:] \($0)\n" }.joined()
    return PGPVerdict(statusOutput: output, exitedWell: exitedWell, fingerprint: pinned)
  }

  @Test func oneGoodSignatureByThePinnedKeyIsValid() {
    let verdict = Self.verdict(["NEWSIG", Self.good, Self.valid])
    #expect(verdict.result == .valid)
    #expect(verdict.signedAt == 1_589_995_512)
    #expect(verdict.statusLines.count == 3)
  }

  @Test(arguments: [
    [], [good], [valid], ["NEWSIG", "NODATA 4"], ["NEWSIG", "BADSIG ABABABABABABABAB Example"],
    ["NEWSIG", "ERRSIG ABABABABABABABAB 1 10 00 1 9 -", "NO_PUBKEY ABABABABABABABAB"],
    ["NEWSIG", "EXPSIG ABABABABABABABAB Example", valid],
    ["NEWSIG", "EXPKEYSIG ABABABABABABABAB Example", valid],
    ["NEWSIG", "REVKEYSIG ABABABABABABABAB Example", valid],
    // A good one beside a bad one, and two good ones.
    ["NEWSIG", good, valid, "NEWSIG", "BADSIG 0 x"], ["NEWSIG", good, valid, "NEWSIG"],
    ["NEWSIG", good, valid, "NEWSIG", good, valid],
    // Another key; a subkey's fingerprint alone is not that of the primary key.
    [
      "NEWSIG", good,
      valid.replacing(" 00 \(pinned)", with: " 00 \(String(repeating: "CD", count: 20))"),
    ],
    ["NEWSIG", good, "VALIDSIG \(pinned)"],
    ["NEWSIG", good, valid.replacing("1589995512", with: "x")],
  ])
  func anythingElseIsNot(lines: [String]) {
    let verdict = Self.verdict(lines)
    #expect(verdict.result != .valid)
    #expect(verdict.signedAt == nil)
  }

  @Test func linesOfOtherOriginAreNotRead() {
    let output = "\(Self.good)\n[GNUPG:]\(Self.valid)\n"
    let verdict = PGPVerdict(statusOutput: output, exitedWell: true, fingerprint: Self.pinned)
    #expect(verdict.result == .invalid("no valid signature"))
  }

  @Test func aBadExitIsNotValid() {
    let verdict = Self.verdict(["NEWSIG", Self.good, Self.valid], exitedWell: false)
    #expect(verdict.result == .invalid("gpgv ended with an error"))
  }
}
