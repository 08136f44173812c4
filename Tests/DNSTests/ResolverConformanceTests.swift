import DNS
import MailTesting
import Testing
import Wire

@Suite("what every resolver must do")
struct ResolverConformanceTests {
  @Test(arguments: [Answer.Security.insecure, .secure])
  func zones(security: Answer.Security) async throws {
    let resolver = ZoneResolver(
      zones: try ResolverConformance.zoneFiles(), security: security)
    let deviations = await ResolverConformance.deviations(of: resolver, security: security)
    #expect(deviations == [])
  }

  @Test func overlayOfNothing() async throws {
    let resolver = OverlayResolver(
      overlay: ZoneResolver(zones: []),
      base: ZoneResolver(zones: try ResolverConformance.zoneFiles(), security: .secure))
    let deviations = await ResolverConformance.deviations(of: resolver, security: .secure)
    #expect(deviations == [])
  }

  // One zone planned, the other published: aliases lead from one to the other.
  @Test(arguments: [0, 1])
  func overlay(planned: Int) async throws {
    let files = try ResolverConformance.zoneFiles()
    let resolver = OverlayResolver(
      overlay: ZoneResolver(zones: [files[planned]]),
      base: ZoneResolver(zones: [files[1 - planned]]))
    // A planned zone has no say in what is not there, as far as TTLs and proofs go.
    let features: ResolverConformance.Features =
      planned == 0 ? [.aliases, .wildcards] : [.aliases, .wildcards, .compactDenial]
    let deviations = await ResolverConformance.deviations(
      of: resolver, security: .insecure, features: features)
    #expect(deviations == [])
  }

  @Test func cache() async throws {
    let cache = AnswerCache(
      ZoneResolver(zones: try ResolverConformance.zoneFiles()), clock: ContinuousClock())
    let deviations = await ResolverConformance.deviations(of: cache, security: .insecure)
    #expect(deviations == [])
  }

  // A script has neither aliases nor wildcards, and one TTL: only that deviations are found.
  @Test func findsDeviations() async {
    let deviations = await ResolverConformance.deviations(
      of: ScriptedResolver([:]), security: .insecure, features: [])
    #expect(deviations.contains { $0.hasPrefix("mail.conformance.test A: ") })
    #expect(!deviations.contains { $0.hasPrefix("none.conformance.test") })
  }
}
