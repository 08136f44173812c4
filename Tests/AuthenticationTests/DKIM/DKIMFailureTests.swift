import Authentication
import DNS
import Testing
import Wire

@Suite("reasons why a signature does not count, RFC 8601 §2.7.1")
struct DKIMFailureTests {
  private static let syntax = SyntaxError(.badValue("tag d"), at: 19)
  private static let domain = try? DomainName(parsing: "co.uk")

  /// Each reason, the word it becomes, a part of its sentence, and the rule it names.
  private static let table: [(DKIMFailure, DKIMResult, String, String)] = [
    (.syntax(syntax), .permerror, "bad tag d at byte 19", "RFC 6376 §3.5"),
    (.sha1, .permerror, "rsa-sha1", "RFC 8301 §3.1"),
    (.fromNotSigned, .permerror, "From is not signed", "RFC 6376 §5.4"),
    (.publicSuffix(domain ?? .root), .permerror, "d=co.uk", "RFC 6376 §6.1.1"),
    (.identityOutsideDomain, .permerror, "i=", "RFC 6376 §3.5"),
    (.noUsableQueryMethod, .permerror, "q=", "RFC 6376 §3.5"),
    (.keyNameTooLong, .permerror, "too long", "RFC 6376 §6.1.2"),
    (.tooManySignatures(limit: 20), .policy, "20", "RFC 6376 §6.1"),
    (.expired(at: 5), .fail, "expired at 5", "RFC 6376 §3.5"),
    (.fromTheFuture(7), .policy, "t=7", "RFC 6376 §3.5"),
    (.expiresBeforeSigned, .permerror, "x=", "RFC 6376 §3.5"),
    (.keyNotFound, .permerror, "no key", "RFC 6376 §6.1.2"),
    (.keyLookupFailed(.timeout), .temperror, "time-out", "RFC 6376 §6.1.2"),
    (.keyLookupFailed(.serverFailure("SERVFAIL")), .temperror, "SERVFAIL", "RFC 6376 §6.1.2"),
    (.keyLookupFailed(.bogus("expired")), .temperror, "DNSSEC", "RFC 6376 §6.1.2"),
    (.keyLookupFailed(.aliasLoop), .temperror, "loop", "RFC 6376 §6.1.2"),
    (.keyLookupFailed(.cancelled), .temperror, "cancelled", "RFC 6376 §6.1.2"),
    (.severalKeys, .permerror, "several", "RFC 6376 §6.1.2"),
    (.keySyntax(syntax), .permerror, "key record: bad", "RFC 6376 §3.6.1"),
    (.keyRevoked, .permerror, "revoked", "RFC 6376 §3.6.1"),
    (.keyTypeMismatch(published: "dsa"), .permerror, "dsa", "RFC 6376 §6.1.2"),
    (.hashNotAllowed, .permerror, "hash", "RFC 6376 §3.6.1"),
    (.notForEmail, .permerror, "email", "RFC 6376 §3.6.1"),
    (.identityNotDomainItself, .permerror, "i=", "RFC 6376 §3.6.1"),
    (.keyInTestMode, .policy, "test mode", "RFC 6376 §3.6.1"),
    (.keyUnusable("odd"), .permerror, "odd", "RFC 6376 §6.1.2"),
    (.keyTooSmall(bits: 512), .permerror, "512", "RFC 8301 §3.2"),
    (.keyTooLarge(bits: 16384), .permerror, "16384", "RFC 8301 §3.2"),
    (.bodyShorterThanSigned, .permerror, "shorter", "RFC 6376 §3.5"),
    (.bodyHashMismatch, .fail, "body hash did not verify", "RFC 6376 §6.1.3"),
    (.signatureMismatch, .fail, "signature did not verify", "RFC 6376 §6.1.3"),
    (.unsignedTail(octets: 9), .policy, "9 octets", "RFC 6376 §8.2"),
  ]

  @Test(arguments: table)
  func words(failure: DKIMFailure, result: DKIMResult, part: String, cites: String) {
    #expect(failure.result == result)
    #expect("\(failure)".contains(part))
    #expect(failure.cites == cites)
    // Nothing is a pass, and no verdict comes from absence.
    #expect(![.pass, .none, .neutral].contains(failure.result))
    // Fit for `reason=`: one short line.
    #expect("\(failure)".utf8.count < 120)
    #expect("\(failure)".unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
  }

  /// A published key type is a stranger's text: only its beginning is repeated.
  @Test func longKeyType() {
    let failure = DKIMFailure.keyTypeMismatch(published: String(repeating: "x", count: 5000))
    #expect("\(failure)".utf8.count < 60)
  }
}
