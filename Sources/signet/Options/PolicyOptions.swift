import ArgumentParser
import Authentication
import Foundation
import Wire

/// What we accept and whom we trust.
struct PolicyOptions: ParsableArguments {
  enum Discovery: String, ExpressibleByArgument, CaseIterable {
    case treeWalk = "tree-walk"
    case publicSuffixList = "psl"
    case compare
  }

  @Option(
    help: ArgumentHelp(
      """
      How DMARC finds the organization: the tree walk of RFC 9989, the public suffix list of \
      RFC 7489, or both compared.
      """))
  var discovery = Discovery.treeWalk

  @Option(
    help: ArgumentHelp(
      "Public suffix list, instead of the system's (\(PolicyOptions.systemList)).",
      valueName: "file"), completion: .file())
  var publicSuffixList: String?

  @Option(
    help: ArgumentHelp(
      "Believe the ARC seals of this domain; repeatable.", valueName: "domain"))
  var trustSealer: [String] = []

  @Option(
    help: ArgumentHelp(
      "Clients here forward for us: do not apply DMARC policies to them; repeatable.",
      valueName: "network"))
  var trustForwarder: [String] = []

  @Flag(help: "Let a DKIM signature pass that leaves a part of the body unsigned (l=).")
  var acceptPartialBody = false

  @Flag(help: "Treat mail signed by a key in test mode (t=y) as unsigned (RFC 6376).")
  var ignoreTestKeys = false

  private static let systemList = "/usr/share/publicsuffix/public_suffix_list.dat"

  func makePolicy() throws -> AuthenticationPolicy {
    var policy = AuthenticationPolicy()
    policy.dkim.acceptsPartialBody = acceptPartialBody
    policy.dkim.acceptsTestKeys = !ignoreTestKeys
    policy.publicSuffixes = try loadList()
    for text in trustSealer {
      guard let domain = try? DomainName(parsing: text, finalDot: true) else {
        throw CommandFailure("--trust-sealer \(text): not a domain name", .usage)
      }
      policy.trustedSealers.insert(domain)
    }
    for text in trustForwarder {
      guard let network = try? IPNetwork(parsing: text) else {
        throw CommandFailure("--trust-forwarder \(text): not an address or network", .usage)
      }
      policy.trustedForwarders.append(network)
    }
    guard discovery != .treeWalk else { return policy }
    guard let list = policy.publicSuffixes else {
      throw CommandFailure(
        "no public suffix list: install the package publicsuffix, or name a file by "
          + "--public-suffix-list", .configuration)
    }
    if discovery == .publicSuffixList { policy.discovery = .publicSuffixList(list) }
    policy.comparesDiscoveries = discovery == .compare
    return policy
  }

  /// The list named, or the system's; nil where neither is there.
  private func loadList() throws -> PublicSuffixList? {
    let path = publicSuffixList ?? Self.systemList
    let content: [UInt8]
    do throws(UnreadableMessage) {
      content = try InputFile.octets(of: try InputFile.open(path))
    } catch {
      guard publicSuffixList == nil else {
        throw CommandFailure("\(path): \(error.reason)", .unreadable)
      }
      return nil
    }
    do throws(SyntaxError) { return try PublicSuffixList(parsing: content) } catch {
      throw CommandFailure("\(path): \(error)", .unreadable)
    }
  }
}
