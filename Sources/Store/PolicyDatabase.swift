internal import Foundation
internal import GRDB
public import Transport
public import Wire

/// Keeps MTA-STS policies in an SQLite file, so that they survive a restart and a crash.
///
/// A policy that was kept is on the disk when `keep` returns: write-ahead log, `synchronous=FULL`.
/// The file is readable by its owner alone. A file that is no database, or is damaged, is moved
/// aside to `NAME.damaged-SECONDS`, and `damagedFile` says so: whoever opens the database must tell
/// the operator, since each domain's next look is a first look again (RFC 8461 §10.2).
public struct PolicyDatabase: STSPolicyStore {
  private let writer: any DatabaseWriter
  /// How many domains are kept; beyond, those fetched longest ago are forgotten.
  public let capacity: Int
  /// Where a damaged file was moved when the database was opened; nil if none was.
  public let damagedFile: String?

  /// Opens or makes the file at `path`; its folder must exist.
  ///
  /// - Parameter now: seconds since 1970; names a damaged file.
  /// - Throws: `PolicyDatabaseError`.
  public init(path: String, capacity: Int = 200_000, now: UInt64) throws(PolicyDatabaseError) {
    self.capacity = max(1, capacity)
    do {
      writer = try Self.open(path)
      damagedFile = nil
    } catch  where Self.isDamage(error) {
      let aside = "\(path).damaged-\(now)"
      do {
        try Self.moveAside(path, to: aside)
        writer = try Self.open(path)
      } catch { throw PolicyDatabaseError(path: path, reason: "\(error)") }
      damagedFile = aside
    } catch {
      throw PolicyDatabaseError(path: path, reason: "\(error)")
    }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    // Made before SQLite makes it: the log files take the mode of the database.
    let file = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw PolicyDatabaseError(path: path, reason: String(cString: strerror(errno)))
    }
    close(file)
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    let verdict = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard verdict == "ok" else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict)
    }
    try migrator.migrate(pool)
    return pool
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("policies") { database in
      try database.execute(
        sql: """
          CREATE TABLE stsPolicy (
            domain TEXT PRIMARY KEY NOT NULL,
            body TEXT NOT NULL,
            recordID TEXT,
            fetchedAt INTEGER NOT NULL,
            expiresAt INTEGER NOT NULL
          ) WITHOUT ROWID;
          CREATE INDEX stsPolicyByFetch ON stsPolicy (fetchedAt);
          """)
    }
    return migrator
  }

  private static func isDamage(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
  }

  private static func moveAside(_ path: String, to aside: String) throws {
    for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.moveItem(atPath: path + suffix, toPath: aside + suffix)
    }
  }

  public func keptPolicy(of domain: DomainName) async throws -> KeptSTSPolicy? {
    try await writer.read { database in
      try Row.fetchOne(
        database, sql: "SELECT body, recordID, fetchedAt FROM stsPolicy WHERE domain = ?",
        arguments: [domain.description]
      ).map(Self.policy)
    }
  }

  private static func policy(_ row: Row) throws -> KeptSTSPolicy {
    let body: String = row["body"]
    let fetchedAt: Int64 = row["fetchedAt"]
    return KeptSTSPolicy(
      policy: try STSPolicy(parsing: Array(body.utf8)), recordID: row["recordID"],
      fetchedAt: UInt64(max(0, fetchedAt)))
  }

  public func keep(_ policy: KeptSTSPolicy, of domain: DomainName) async throws {
    let fetchedAt = Int64(clamping: policy.fetchedAt)
    let expiresAt = fetchedAt.addingReportingOverflow(Int64(policy.policy.maxAge))
    let expiry = expiresAt.overflow ? Int64.max : expiresAt.partialValue
    let capacity = capacity
    try await writer.write { database in
      try database.execute(
        sql: """
          INSERT OR REPLACE INTO stsPolicy (domain, body, recordID, fetchedAt, expiresAt)
          VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [
          domain.description, policy.policy.description, policy.recordID, fetchedAt, expiry,
        ])
      let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM stsPolicy") ?? 0
      guard count > capacity else { return }
      try database.execute(
        sql: """
          DELETE FROM stsPolicy WHERE domain IN
            (SELECT domain FROM stsPolicy ORDER BY fetchedAt LIMIT ?)
          """, arguments: [count - capacity])
    }
  }

  /// Forgets the policies that are out of date at `now`, in seconds since 1970; how many.
  @discardableResult
  public func removeExpired(now: UInt64) async throws -> Int {
    try await writer.write { database in
      try database.execute(
        sql: "DELETE FROM stsPolicy WHERE expiresAt <= ?", arguments: [Int64(clamping: now)])
      return database.changesCount
    }
  }

  /// The domains whose policies were fetched before `moment`, in seconds since 1970, the oldest
  /// first: those that a task in the background fetches again.
  public func domains(fetchedBefore moment: UInt64, limit: Int) async throws -> [DomainName] {
    let names = try await writer.read { database in
      try String.fetchAll(
        database,
        sql: "SELECT domain FROM stsPolicy WHERE fetchedAt < ? ORDER BY fetchedAt LIMIT ?",
        arguments: [Int64(clamping: moment), max(0, limit)])
    }
    return try names.map { try DomainName(presentation: $0.utf8, origin: .root) }
  }
}

/// Why the policy database cannot be used.
public struct PolicyDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// In words.
  public var reason: String

  public var description: String { "\(path): \(reason)" }
}
