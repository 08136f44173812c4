import ArgumentParser
import Wire

struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: "Make, publish and check DKIM keys.",
    subcommands: [KeyNewCommand.self, KeyRecordCommand.self, KeyCheckCommand.self])
}

/// Where a key is published.
struct KeyNameOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The signing domain (d=).", valueName: "domain"))
  var domain: String

  @Option(help: ArgumentHelp("The selector (s=).", valueName: "selector"))
  var selector: String

  func name() throws -> DomainName { try Self.name(selector, of: domain) }

  static func name(_ selector: String, of domain: String) throws -> DomainName {
    do throws(SyntaxError) {
      let selector = try DomainName(parsing: selector)
      let domain = try DomainName(parsing: domain, finalDot: true)
      let middle = [Array("_domainkey".utf8)[...]]
      return try DomainName(labels: selector.labels + middle + domain.labels)
    } catch {
      throw CommandFailure("\(selector)._domainkey.\(domain): not a domain name: \(error)", .usage)
    }
  }
}

struct RecordOptions: ParsableArguments {
  @Option(help: "zone (a master file), nsupdate (a script for it) or plain (the text alone).")
  var format = KeyRecordText.Format.zone

  @Option(help: ArgumentHelp("TTL of the record, in seconds.", valueName: "seconds"))
  var ttl: UInt32 = 3600

  func validate() throws {
    // RFC 2181 §8.
    guard ttl <= Int32.max else { throw ValidationError("--ttl must be at most \(Int32.max)") }
  }

  func show(_ record: String, _ name: DomainName) {
    Terminal.say(KeyRecordText(name: name, record: record, ttl: ttl).text(format))
  }
}
