import ArgumentParser
import DNS
import Unbound
import Wire

/// Where answers come from: the options that every command with DNS has.
struct ResolverOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Ask this resolver.", valueName: "host[:port]"))
  var dns: String?

  @Flag(name: .customLong("no-dnssec"), help: "Do not validate answers by DNSSEC.")
  var noDNSSEC = false

  @Option(
    help: ArgumentHelp(
      "Answer from these master files (RFC 1035) only; repeatable.", valueName: "file"),
    completion: .file())
  var zone: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Take the answers of --zone as signed and validated: what will hold once they are."))
  var assumeSigned = false

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      "Planned records over the answers of DNS; repeatable.", valueName: "file"),
    completion: .file())
  var planned: [String] = []

  @Option(
    help: ArgumentHelp(
      "DNSSEC trust anchor, instead of the system's root anchor.", valueName: "file"),
    completion: .file())
  var trustAnchor: String?

  @Option(
    help: ArgumentHelp("How long one question may take, in seconds.", valueName: "seconds"))
  var dnsTimeout: Double = 5

  func validate() throws {
    guard (0.001...300).contains(dnsTimeout) else {
      throw ValidationError("--dns-timeout must be from 0.001 to 300 seconds")
    }
    if !zone.isEmpty, dns != nil {
      throw ValidationError("--zone answers alone: it cannot go with --dns")
    }
    if assumeSigned, zone.isEmpty {
      throw ValidationError("--assume-signed says something of --zone only")
    }
  }

  /// The resolver that the options describe.
  func makeResolver() throws -> SelectedResolver {
    let base: SelectedResolver
    if zone.isEmpty {
      let unbound = try makeUnbound()
      base = SelectedResolver(unbound, isValidating: unbound.isValidating)
    } else {
      let security: Answer.Security = assumeSigned ? .secure : .insecure
      base = SelectedResolver(try makeZones(zone, security), isValidating: assumeSigned)
    }
    guard !planned.isEmpty else { return base }
    return SelectedResolver(
      OverlayResolver(overlay: try makeZones(planned, .insecure), base: base),
      isValidating: base.isValidating)
  }

  private func makeUnbound() throws -> UnboundResolver {
    var configuration = UnboundConfiguration()
    configuration.validates = !noDNSSEC
    configuration.trustAnchorFile = trustAnchor
    configuration.timeout = .milliseconds(Int64(dnsTimeout * 1000))
    if let dns {
      do throws(SyntaxError) {
        configuration.upstream = .forwarders([try NameServerAddress(parsing: dns)])
      } catch {
        throw CommandFailure(
          "--dns \(dns): not an address with a port (192.0.2.1:53, [2001:db8::1]:53): \(error)",
          .usage)
      }
    }
    do throws(UnboundError) {
      let resolver = try UnboundResolver(configuration)
      if configuration.validates, !resolver.isValidating {
        Terminal.complain(
          "no DNSSEC trust anchor on this system: answers are not validated (--trust-anchor)")
      }
      return resolver
    } catch {
      throw CommandFailure("DNS: \(error)", .configuration)
    }
  }

  private func makeZones(
    _ paths: [String], _ security: Answer.Security
  ) throws -> ZoneResolver {
    do throws(ZoneFileError) {
      return ZoneResolver(zones: try loadZones(paths: paths), security: security)
    } catch {
      throw CommandFailure("\(error)", .unreadable)
    }
  }
}

/// The one that was chosen. Here, in the wiring, `any` costs nothing.
struct SelectedResolver: Resolver {
  private let chosen: any Resolver
  /// Whether its answers are validated by DNSSEC.
  let isValidating: Bool

  init(_ chosen: any Resolver, isValidating: Bool) {
    self.chosen = chosen
    self.isValidating = isValidating
  }

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    try await chosen.lookup(name, type)
  }
}
