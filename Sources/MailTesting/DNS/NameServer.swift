import DNS
import Foundation
internal import Synchronization
import Wire

/// NSD, a real authoritative name server, on a free loopback port, with a root of its own that
/// delegates to the zones given and signs for those that are signed.
///
/// A full resolver that forwards to it and trusts `trustAnchorFile` sees a small Internet.
public final class NameServer: Sendable {
  public static let isPresent = [nsd, keygen, signzone].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
  }
  static let nsd = "/usr/sbin/nsd"
  static let keygen = "/usr/bin/ldns-keygen"
  static let signzone = "/usr/bin/ldns-signzone"

  public enum Failure: Error {
    case toolFailed(String, Int32)
    case noAnswer
  }

  public let port: UInt16
  /// The DS of the lab's root.
  public let trustAnchorFile: String
  private let server: Mutex<SupervisedProcess?>

  /// Another program may take the port between the look for it and its use: then another is tried.
  public init(_ zones: [LabZone]) async throws {
    var started: (SupervisedProcess, UInt16, String)?
    for _ in 0..<3 where started == nil { started = try await Self.start(zones) }
    guard let (process, port, folder) = started else { throw Failure.noAnswer }
    server = Mutex(process)
    self.port = port
    trustAnchorFile = folder + "/root.ds"
  }

  deinit { stop() }

  public func stop() {
    server.withLock { server in
      server?.stop()
      server = nil
    }
  }

  /// Nil when the server does not answer; its folder is then gone.
  private static func start(
    _ zones: [LabZone]
  ) async throws -> (SupervisedProcess, UInt16, folder: String)? {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "signet-nsd-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process: SupervisedProcess
    let port: UInt16
    do {
      let files = try LabSigner(folder: folder).write(zones)
      port = try LoopbackSocket.freePort()
      let configuration = folder.appending(path: "nsd.conf")
      try Self.configuration(files, port: port, folder: folder.path)
        .write(to: configuration, atomically: true, encoding: .utf8)
      process = try SupervisedProcess(
        nsd, ["-d", "-c", configuration.path], removing: folder.path)
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
    if await answers(on: port) { return (process, port, folder.path) }
    process.stop()
    return nil
  }

  private static func configuration(
    _ zones: [String: String], port: UInt16, folder: String
  ) -> String {
    let server = """
      server:
        ip-address: 127.0.0.1
        port: \(port)
        server-count: 1
        username: ""
        zonesdir: "\(folder)"
        database: ""
        pidfile: "\(folder)/nsd.pid"
        logfile: "\(folder)/nsd.log"
        xfrdfile: "\(folder)/xfrd.state"
        zonelistfile: "\(folder)/zone.list"
        rrl-ratelimit: 0
      remote-control:
        control-enable: no

      """
    let patterns = zones.sorted { $0.key < $1.key }.map { origin, file in
      "zone:\n  name: \"\(origin)\"\n  zonefile: \"\(file)\"\n"
    }
    return server + patterns.joined()
  }

  private static func answers(on port: UInt16) async -> Bool {
    guard let socket = try? LoopbackSocket(port: 0) else { return false }
    let query = ResponseWriter.query(identifier: 1, name: .root, type: .soa)
    for _ in 0..<1000 {
      socket.send(query, to: port)
      if let answer = socket.receive(within: 30), let message = try? DNSMessage(parsing: answer) {
        return message.responseCode == 0 && !message.answers.isEmpty
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
    return false
  }
}
