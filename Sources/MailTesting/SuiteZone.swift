internal import DNS
internal import Foundation
internal import Wire

/// The DNS of a conformance suite: `{"name": {"TXT": ["…", ["…", "…"]]}, "name": "SERVFAIL"}`.
public enum SuiteZone {
  /// A mistake in the suite's file, or in our reading of it.
  public struct Malformed: Error { public let name: String }

  public static func resolver(json: [UInt8]) throws -> ScriptedResolver {
    guard let zone = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any] else {
      throw Malformed(name: "")
    }
    return try resolver(zone)
  }

  public static func resolver(_ zone: [String: Any]) throws -> ScriptedResolver {
    var scripts: [DomainName: [ScriptedResolver.Script]] = [:]
    for (text, value) in zone {
      let name = try DomainName(parsing: text)
      switch value {
      case "SERVFAIL" as String: scripts[name] = [.failure(.serverFailure("SERVFAIL"))]
      case "TIMEOUT" as String: scripts[name] = [.failure(.timeout)]
      case "NXDOMAIN" as String: break
      case let records as [String: Any]: scripts[name] = [.records(try self.records(records, text))]
      default: throw Malformed(name: text)
      }
    }
    return ScriptedResolver(scripts)
  }

  private static func records(_ types: [String: Any], _ name: String) throws -> [Record] {
    try types.flatMap { type, values -> [Record] in
      guard let values = values as? [Any] else { throw Malformed(name: name) }
      return try values.map { value in
        switch (type, value) {
        case ("TXT", let text as String): .txt([Array(text.utf8)])
        case ("TXT", let parts as [String]): .txt(parts.map { Array($0.utf8) })
        case ("A", let text as String): .a(try IPAddress(parsing: text))
        default: throw Malformed(name: name)
        }
      }
    }
  }
}
