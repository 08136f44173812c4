import ArgumentParser
import DNS
import Foundation
import HTTPS
import Mail
import Store
import Transport
import Wire

/// What the decision goes by beside DNS.
struct TLSPolicyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take this file as the domain's MTA-STS policy, in place of a fetch; repeatable.",
      valueName: "domain=file"))
  var stsPolicy: [String] = []

  @Option(
    help: ArgumentHelp(
      "Keep MTA-STS policies in this folder, so that nobody can suppress them later.",
      valueName: "folder"), completion: .directory)
  var state: String?

  @Option(
    help: ArgumentHelp(
      "A STARTTLS Everywhere policy list; its signature is FILE.sig.", valueName: "file"),
    completion: .file())
  var policyList: String?

  @Option(
    help: ArgumentHelp(
      "The Ed25519 key that must have signed the policy list: PEM, or base64.", valueName: "file"),
    completion: .file())
  var policyListKey: String?

  @Option(
    name: .customLong("insecure-mx"),
    help: "What TLSA records count for behind MX records that DNSSEC does not vouch for.")
  var insecureMX = InsecureMXLevel.dane

  @Option(
    help: ArgumentHelp(
      "Your own word for these destinations: may, encrypt, dane-only, verify, secure.",
      valueName: "level"))
  var override: OverrideLevel?

  @Flag(help: "The message demands TLS all the way (REQUIRETLS, RFC 8689).")
  var requireTLS = false

  @Flag(help: "The message carries TLS-Required: No (RFC 8689).")
  var tlsOptional = false

  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp(
      "Trust these certificates (PEM) of policy hosts, instead of the system's.",
      valueName: "file"), completion: .file())
  var caFile: String?

  @Flag(help: "Also fetch policies from private addresses.")
  var allowPrivate = false

  func validate() throws {
    if policyList == nil, policyListKey != nil {
      throw ValidationError("--policy-list-key says nothing without --policy-list")
    }
    if policyList != nil, policyListKey == nil {
      throw ValidationError("--policy-list is not trusted without --policy-list-key")
    }
    if requireTLS, tlsOptional {
      throw ValidationError("--require-tls and --tls-optional exclude each other")
    }
  }

  var message: MessageTLS {
    if requireTLS { return .required(reversePathIsEmpty: false) }
    return tlsOptional ? .optional : .unspecified
  }

  func deliveryOptions(validates: Bool, for names: [DomainName]) throws -> DeliveryOptions {
    var options = DeliveryOptions(resolverValidates: validates, insecureMX: insecureMX.value)
    if let level = override?.value { for name in names { options.overrides[name] = level } }
    return options
  }

  /// Where MTA-STS policies come from.
  func makeSource(_ resolver: SelectedResolver, now: UInt64) throws -> any STSPolicySource {
    var options = FetchOptions()
    options.allowsPrivateAddresses = allowPrivate
    if let caFile { options.trustRoots = .pemFile(caFile) }
    let fetcher = PlannedPolicyFetcher(
      planned: try plannedPolicies(),
      client: PolicyFetchClient(resolver: resolver, options: options))
    guard let state else {
      return STSPolicyFinder(
        resolver: resolver, fetcher: fetcher, store: MemorySTSPolicyStore(),
        clock: ContinuousClock())
    }
    let path = URL(filePath: state, directoryHint: .isDirectory).appending(path: "policies.sqlite")
    do throws(PolicyDatabaseError) {
      let database = try PolicyDatabase(path: path.path, now: now)
      if let damaged = database.damagedFile {
        Terminal.complain("the kept policies were damaged and begin anew; see \(damaged)")
      }
      return STSPolicyFinder(
        resolver: resolver, fetcher: fetcher, store: database, clock: ContinuousClock())
    } catch {
      throw CommandFailure("--state: \(error)", .configuration)
    }
  }

  private func plannedPolicies() throws -> [DomainName: [UInt8]] {
    var planned: [DomainName: [UInt8]] = [:]
    for text in stsPolicy {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let domain = try? DomainName(parsing: parts[0], finalDot: true) else {
        throw CommandFailure("--sts-policy \(text): not DOMAIN=FILE", .usage)
      }
      planned[domain] = try Self.content(parts[1])
    }
    return planned
  }

  /// The list, if its signature is good.
  func makeList(now: UInt64) throws -> VerifiedPolicyLists? {
    guard let policyList, let policyListKey else { return nil }
    let octets = try Self.content(policyList)
    do {
      let key = try PolicyListKey(
        parsing: String(decoding: try Self.content(policyListKey), as: UTF8.self))
      let signature = try PolicyListSignature(parsing: try Self.content(policyList + ".sig"))
      guard signature.isValid(over: octets, by: [key]) else {
        throw CommandFailure("\(policyList): not signed by the key given", .unreadable)
      }
      let list = try PolicyList(parsing: octets)
      if list.isExpired(at: now) {
        Terminal.complain("\(policyList): the list is out of date, and counts for nothing")
      }
      return VerifiedPolicyLists([.init(name: policyList, list: list)])
    } catch let error as SyntaxError {
      throw CommandFailure("\(policyList): key or signature: \(error)", .unreadable)
    } catch let error as PolicyListError {
      throw CommandFailure("\(policyList): \(error)", .unreadable)
    }
  }

  private static func content(_ path: String) throws -> [UInt8] {
    do throws(UnreadableMessage) {
      return try InputFile.octets(
        of: try InputFile.open(path), limit: PolicyList.maximumLength + 1)
    } catch {
      throw CommandFailure("\(path): \(error.reason)", .unreadable)
    }
  }
}

/// The levels of an override that need no names.
enum OverrideLevel: String, ExpressibleByArgument, CaseIterable {
  case may, encrypt, verify, secure
  case daneOnly = "dane-only"

  var value: DeliveryOptions.Override {
    switch self {
    case .may: .may
    case .encrypt: .encrypt
    case .daneOnly: .daneOnly
    case .verify: .verify([])
    case .secure: .secure([])
    }
  }
}

/// What TLSA records count for behind insecure MX records, as the library names it.
enum InsecureMXLevel: String, ExpressibleByArgument, CaseIterable {
  case dane, encrypt, may

  var value: DeliveryOptions.InsecureMXPolicy {
    switch self {
    case .dane: .dane
    case .encrypt: .encrypt
    case .may: .may
    }
  }
}

/// Policies from files where they are given, from HTTPS elsewhere.
struct PlannedPolicyFetcher: PolicyFetcher {
  let planned: [DomainName: [UInt8]]
  let client: PolicyFetchClient<SelectedResolver>

  func fetchPolicy(
    of domain: DomainName
  ) async throws(PolicyFetchFailure) -> FetchedPolicy {
    guard let body = planned[domain] else { return try await client.fetchPolicy(of: domain) }
    return FetchedPolicy(body: body, contentType: "text/plain")
  }
}
