import Foundation

/// How an `UnboundResolver` resolves.
public struct UnboundConfiguration: Hashable, Sendable {
  /// Who is asked.
  public enum Upstream: Hashable, Sendable {
    /// The resolvers of `/etc/resolv.conf`; without any, as `.roots`.
    case system
    /// These full resolvers, all names included: none is answered from built-in special zones.
    case forwarders([NameServerAddress])
    /// The authoritative servers themselves, from the root down.
    case roots
  }

  public var upstream = Upstream.system
  /// Whether answers are validated (RFC 4035 §4.3). Needs a trust anchor; see `trustAnchorFile`.
  public var validates = true
  /// A file with DS or DNSKEY records of the anchors, most often of the root.
  ///
  /// Nil means the system's, the first that exists of `systemTrustAnchorFiles`. Where there is
  /// none, nothing is validated, and `UnboundResolver.isValidating` says so.
  public var trustAnchorFile: String?
  /// How long one look-up may take, from 1 ms to 5 minutes; then it ends in `.timeout`.
  public var timeout = Swift.Duration.seconds(5)
  /// Event loops, each with a thread and a cache of its own; a name always goes to the same one.
  public var threads = 1

  public init() {}

  public static let systemTrustAnchorFiles = [
    "/usr/share/dns/root.key", "/var/lib/unbound/root.key", "/etc/unbound/root.key",
  ]

  /// The anchor file to use, or nil for no validation.
  func usedTrustAnchorFile() throws(UnboundError) -> String? {
    guard validates else { return nil }
    if let file = trustAnchorFile {
      guard FileManager.default.isReadableFile(atPath: file) else {
        throw UnboundError("trust anchor \(file): cannot be read")
      }
      return file
    }
    return Self.systemTrustAnchorFiles.first { FileManager.default.isReadableFile(atPath: $0) }
  }

  /// The addresses to forward to, as libunbound reads them; empty for resolving from the root.
  var forwardAddresses: [String] {
    switch upstream {
    case .forwarders(let servers): servers.map(\.forwardAddress)
    case .system: Self.systemResolvers(in: "/etc/resolv.conf")
    case .roots: []
    }
  }

  /// The `nameserver` lines of a resolver configuration (resolv.conf(5)): the first three count.
  static func systemResolvers(in path: String) -> [String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
    let servers = text.split(separator: "\n").compactMap { line -> String? in
      let words = line.split { $0 == " " || $0 == "\t" }
      return words.count >= 2 && words[0] == "nameserver" ? String(words[1]) : nil
    }
    return Array(servers.prefix(3))
  }
}

/// Why a resolver cannot be set up.
public struct UnboundError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
