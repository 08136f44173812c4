import Authentication
import MailTesting
import Testing

@testable import signet

@Suite("--now, RFC 3339 §5.6 and seconds since 1970")
struct TimeOptionTests {
  /// The signature was made at 10:00:00Z and expires at 11:00:00Z; clocks may differ by 5 minutes.
  @Test(arguments: [
    ("2026-11-22T10:00:00Z", true),
    ("2026-11-22T11:05:00Z", true),
    ("2026-11-22T11:05:02Z", false),
    ("2026-11-22T13:00:00+02:00", true),
    ("2026-11-22T13:10:00+02:00", false),
    ("2026-11-22T05:30:00-05:00", true),
    ("2026-11-22T06:30:00-05:00", false),
    ("2026-11-22T10:30:00+00:00", true),
    ("2026-11-22T10:30:00.5Z", true),
    ("2026-11-22T16:00:00.123456789+05:30", true),
    ("2026-11-22T11:05:02.25Z", false),
    ("2026-11-22t10:30:00z", true),
    ("2026-11-22 10:30:00Z", true),
    ("2026-11-22T10:59:60Z", true),
    ("1795341600", true),
    ("1795345902", false),
    ("2027-11-22T10:00:00Z", false),
  ])
  func isTheTimeThatCounts(now: String, isGood: Bool) async throws {
    let scene = try CommandScene()
    let expiring = try scene.signed { $0.expiration = CommandScene.now + 3600 }
    let run = try await scene.signet(
      ["verify", "--zone", "dns.zone", "--now", now, "--json"], input: Array(expiring.utf8))
    #expect(run.status == (isGood ? 0 : 1))
    let result = try #require(try run.objects().first?["dkim"]?[0]?["result"])
    #expect((result == .string("pass")) == isGood)
  }

  @Test(arguments: [
    "", "now", "yesterday", "2026-11-22", "2026-11-22T10:00Z", "2026-11-22T10:00:00",
    "2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z", "2026-11-31T10:00:00Z", "2026-00-10T10:00:00Z",
    "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:00:61Z",
    "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00+24:00", "2026-11-22T10:00:00+02:60",
    "2026-11-22T10:00:00+0200", "2026-11-22T10:00:00ZZ", " 2026-11-22T10:00:00Z",
    "20261122T100000Z",
    "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "0000-01-01T00:00:00Z", "1e9", "0x10",
    "18446744073709551616", "\u{662}\u{660}26-11-22T10:00:00Z",
  ])
  func refuses(now: String) {
    #expect(Moment(argument: now) == nil)
  }

  @Test(arguments: ["", "2026-02-29T10:00:00Z", "-1"])
  func refusalIsToldNeatly(now: String) async throws {
    let scene = try CommandScene()
    let run = try await scene.signet(["verify", "--zone", "dns.zone", "--now=\(now)"], input: [])
    #expect(run.failsNeatly(64), "\(run.errorText)")
  }

  /// Bounds of what can be told: no crash, and a verdict.
  @Test(arguments: ["0", "18446744073709551615", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z"])
  func bounds(now: String) async throws {
    let scene = try CommandScene()
    let expiring = try scene.signed { $0.expiration = CommandScene.now + 3600 }
    let run = try await scene.signet(
      [
        "verify", "--zone", "dns.zone", "--ip", "192.0.2.1", "--mail-from", "a@example.com",
        "--now",
        now, "--json",
      ], input: Array(expiring.utf8))
    #expect(!run.wasKilled)
    #expect(try run.objects().first?["error"] == .null)
  }
}
