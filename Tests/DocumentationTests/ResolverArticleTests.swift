import DNS
import MailTesting
import Synchronization
import Testing
import Wire

@Suite("the resolvers of the article")
struct ResolverArticleTests {
  // A dictionary holds neither wildcards nor TTLs.
  @Test func dictionary() async throws {
    let entries = try ResolverConformance.zoneFiles().flatMap(\.entries)
    let resolver = DictionaryResolver(
      records: Dictionary(grouping: entries, by: \.name).mapValues { $0.map(\.record) })
    let deviations = await ResolverConformance.deviations(
      of: resolver, security: .insecure, features: [.aliases])
    #expect(deviations.filter { !$0.contains("TTL") } == [])
  }

  @Test(arguments: [Answer.Security.insecure, .secure])
  func logging(security: Answer.Security) async throws {
    let resolver = LoggingResolver(
      base: ZoneResolver(zones: try ResolverConformance.zoneFiles(), security: security),
      log: { _ in })
    let deviations = await ResolverConformance.deviations(of: resolver, security: security)
    #expect(deviations == [])
  }

  // Behind the cache: only what leaves is logged.
  @Test func logged() async throws {
    let lines = Mutex<[String]>([])
    let name = try DomainName(parsing: "example.com")
    let loop = try DomainName(parsing: "loop.example.com")
    let upstream = DictionaryResolver(records: [
      name: [.a(try IPAddress(parsing: "192.0.2.1"))], loop: [.cname(loop)],
    ])
    let resolver = resolver(over: upstream) { line in lines.withLock { $0.append(line) } }
    for _ in 0..<2 {
      _ = try await resolver.lookup(name, .a)
      _ = try await resolver.lookup(name, .mx)
      _ = try await resolver.lookup(try name.prepending("none"), .a)
      await #expect(throws: LookupFailure.aliasLoop) { try await resolver.lookup(loop, .a) }
    }
    #expect(
      lines.withLock { $0 } == [
        "example.com A: 1 records", "example.com MX: no such record",
        "none.example.com A: no such name", "loop.example.com A: CNAME loop",
      ])
  }
}
