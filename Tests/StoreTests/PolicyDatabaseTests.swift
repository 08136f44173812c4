import Foundation
import Store
import Testing
import Transport
import Wire

@Suite("Policies on disk")
struct PolicyDatabaseTests {
  static func policy(_ maxAge: UInt32 = 604_800) throws -> STSPolicy {
    STSPolicy(
      mode: .enforce, mxPatterns: [try MXPattern(parsing: "*.example.net".utf8, .star)],
      maxAge: maxAge)
  }

  @Test func whatIsKeptIsThereAfterARestart() async throws {
    let folder = try StateFolder()
    defer { folder.remove() }
    let domain = try DomainName(parsing: "example.com")
    let kept = KeptSTSPolicy(policy: try Self.policy(), recordID: "1", fetchedAt: 1_000)
    do {
      let database = try PolicyDatabase(path: folder.file, now: 0)
      #expect(try await database.keptPolicy(of: domain) == nil)
      try await database.keep(
        KeptSTSPolicy(policy: try Self.policy(5), recordID: nil, fetchedAt: 5), of: domain)
      try await database.keep(kept, of: domain)
    }
    let again = try PolicyDatabase(path: folder.file, now: 0)
    #expect(try await again.keptPolicy(of: domain) == kept)
    #expect(again.damagedFile == nil)
    #expect(try await again.keptPolicy(of: try DomainName(parsing: "www.example.com")) == nil)
  }

  @Test func theFilesAreTheOwnersAlone() async throws {
    let folder = try StateFolder()
    defer { folder.remove() }
    let database = try PolicyDatabase(path: folder.file, now: 0)
    try await database.keep(
      KeptSTSPolicy(policy: try Self.policy(), recordID: nil, fetchedAt: 1),
      of: try DomainName(parsing: "example.com"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains("policies.sqlite-wal"))
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(name)")
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test func aDamagedFileIsMovedAside() async throws {
    let folder = try StateFolder()
    defer { folder.remove() }
    let junk = Data(repeating: 0x41, count: 10_000)
    try junk.write(to: URL(filePath: folder.file))
    let database = try PolicyDatabase(path: folder.file, now: 77)
    #expect(database.damagedFile == "\(folder.file).damaged-77")
    #expect(try Data(contentsOf: URL(filePath: "\(folder.file).damaged-77")) == junk)
    let domain = try DomainName(parsing: "example.com")
    try await database.keep(
      KeptSTSPolicy(policy: try Self.policy(), recordID: nil, fetchedAt: 1), of: domain)
    #expect(try await database.keptPolicy(of: domain) != nil)
  }

  @Test func aFolderThatIsNotThereIsSaid() {
    #expect(throws: PolicyDatabaseError.self) {
      try PolicyDatabase(path: "/no/such/folder/policies.sqlite", now: 0)
    }
  }

  @Test func growthIsBounded() async throws {
    let folder = try StateFolder()
    defer { folder.remove() }
    let database = try PolicyDatabase(path: folder.file, capacity: 3, now: 0)
    for number in 1...5 as ClosedRange<UInt64> {
      try await database.keep(
        KeptSTSPolicy(policy: try Self.policy(100), recordID: nil, fetchedAt: number),
        of: try DomainName(parsing: "d\(number).example"))
    }
    let names = try await database.domains(fetchedBefore: .max, limit: 10).map(\.description)
    #expect(names == ["d3.example", "d4.example", "d5.example"])
    #expect(try await database.domains(fetchedBefore: 5, limit: 1).count == 1)
    // Those of d3 and d4 end at 103 and 104.
    #expect(try await database.removeExpired(now: 102) == 0)
    #expect(try await database.removeExpired(now: 104) == 2)
    #expect(try await database.domains(fetchedBefore: .max, limit: 10).count == 1)
  }
}

/// A folder for one test.
struct StateFolder {
  let path: String
  var file: String { "\(path)/policies.sqlite" }

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "signet-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
