/// What gpgv says of a detached OpenPGP signature (RFC 9580 §5.2).
public struct PGPVerdict: Hashable, Sendable {
  /// Whether the signature counts.
  public enum Result: Hashable, Sendable {
    /// One valid signature by the pinned key.
    case valid
    /// None that counts; the reason in words.
    case invalid(String)
  }

  /// Whether it counts.
  public var result: Result
  /// When the signature was made, in seconds since 1970; nil where none is valid.
  public var signedAt: UInt64?
  /// The status lines of gpgv, `[GNUPG:] ` cut off.
  public var statusLines: [String]
}

extension PGPVerdict {
  /// Reads the output of `gpgv --status-fd` (GnuPG's `doc/DETAILS`).
  ///
  ///     [GNUPG:] GOODSIG 86EEA65D03326C9D Example
  ///     [GNUPG:] VALIDSIG B693F33372E965D76D55368616EEA65D03326C9D 2020-05-20 1589995512 …
  ///
  /// Exactly one signature may be there, by the pinned primary key: with two, which of them an
  /// attacker added is not to be told. A signature by an expired or revoked key, or that has
  /// expired itself, does not count.
  ///
  /// - Parameter fingerprint: of the primary key, 40 or 64 hexadecimal digits.
  init(statusOutput: String, exitedWell: Bool, fingerprint: String) {
    let prefix = "[GNUPG:] "
    statusLines = statusOutput.split(separator: "\n").compactMap { line in
      line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : nil
    }
    let lines = statusLines.map { $0.split(separator: " ").map(String.init) }
    (result, signedAt) = Self.judge(lines, exitedWell, fingerprint.uppercased())
  }

  /// Status words that make a signature worthless, and what they mean.
  private static let failures = [
    "BADSIG": "the signature does not fit the text",
    "ERRSIG": "the signature cannot be checked",
    "NO_PUBKEY": "the key is not in the keyring",
    "EXPSIG": "the signature has expired",
    "EXPKEYSIG": "the key has expired",
    "REVKEYSIG": "the key has been revoked",
    "KEYREVOKED": "the key has been revoked",
    "NODATA": "no signature in it",
    "UNEXPECTED": "something unexpected in it",
    "FAILURE": "gpgv failed",
    "ERROR": "gpgv met an error",
  ]

  private static func judge(
    _ lines: [[String]], _ exitedWell: Bool, _ fingerprint: String
  ) -> (Result, UInt64?) {
    // Any of them spoils the whole, whatever else is there.
    for word in failures.keys.sorted() where lines.contains(where: { $0.first == word }) {
      return (.invalid(failures[word] ?? word), nil)
    }
    let good = lines.filter { $0.first == "GOODSIG" }
    let valid = lines.filter { $0.first == "VALIDSIG" }
    guard lines.count(where: { $0.first == "NEWSIG" }) <= 1, good.count <= 1, valid.count <= 1
    else {
      return (.invalid("more than one signature"), nil)
    }
    guard good.count == 1, let fields = valid.first else {
      return (.invalid("no valid signature"), nil)
    }
    // VALIDSIG: fingerprint, date, time, expiry, version, reserved, algorithm, hash, class, and
    // the fingerprint of the primary key.
    guard fields.count >= 11, let signedAt = UInt64(fields[3]) else {
      return (.invalid("a status line of gpgv that is not understood"), nil)
    }
    guard fields[10].uppercased() == fingerprint else {
      return (.invalid("signed by \(fields[10]), not by the pinned key"), nil)
    }
    guard exitedWell else { return (.invalid("gpgv ended with an error"), nil) }
    return (.valid, signedAt)
  }
}
