internal import AsyncHTTPClient
public import DNS
internal import NIOCore
internal import NIOHTTP1
public import Transport
public import Wire

/// Fetches MTA-STS policies and policy lists over HTTPS (RFC 8461 §3.3).
///
/// One GET by HTTP/1.1: no redirects, no caches, no cookies, no compression, no second try at what
/// a server has answered. Only status 200 counts. TLS 1.2 or later, with a certificate that leads
/// to a trusted root and shows the host as a DNS-ID, a wildcard only as the whole leftmost label.
/// Addresses come from the resolver given, never from the system's.
public struct PolicyFetchClient<Names: Resolver>: PolicyFetcher {
  /// Where addresses are looked up.
  public var resolver: Names
  /// Limits, roots and where to connect.
  public var options: FetchOptions

  /// A client that asks this resolver.
  public init(resolver: Names, options: FetchOptions = FetchOptions()) {
    self.resolver = resolver
    self.options = options
  }

  public func fetchPolicy(
    of domain: DomainName
  ) async throws(PolicyFetchFailure) -> FetchedPolicy {
    guard let host = try? domain.prepending("mta-sts") else {
      throw PolicyFetchFailure(.stsPolicyFetchError, "a name too long for mta-sts")
    }
    let target = FetchTarget(
      host: host, port: options.port, path: "/.well-known/mta-sts.txt",
      limit: STSPolicy.maximumLength)
    return try await fetch(target)
  }

  /// The body at an `https` URL, under the same rules: for policy lists and their signatures.
  ///
  /// - Parameter limit: the most octets that are read; by default those of the largest list.
  public func fetch(
    url: String, limit: Int = PolicyList.maximumLength
  ) async throws(PolicyFetchFailure) -> FetchedPolicy {
    let target: FetchTarget
    do { target = try FetchTarget(parsing: url, limit: limit) } catch {
      throw PolicyFetchFailure(.stsPolicyFetchError, "not a URL that is fetched: \(error)")
    }
    return try await fetch(target)
  }

  private func fetch(_ target: FetchTarget) async throws(PolicyFetchFailure) -> FetchedPolicy {
    let deadline = options.deadline
    do {
      return try await withThrowingTaskGroup(of: FetchedPolicy?.self) { group in
        group.addTask { try await attempt(target) }
        group.addTask {
          try await Task.sleep(for: deadline)
          return nil
        }
        defer { group.cancelAll() }
        guard let body = try await group.next() ?? nil else {
          throw PolicyFetchFailure(.stsPolicyFetchError, "timed out after \(deadline)")
        }
        return body
      }
    } catch {
      throw FetchTrouble.failure(error)
    }
  }

  private func attempt(_ target: FetchTarget) async throws -> FetchedPolicy {
    let addresses = try await addresses(of: target.host)
    for address in addresses.dropLast() {
      do { return try await get(target, at: address) } catch
        where FetchTrouble.isUnreachable(error)
      {
        continue
      }
    }
    guard let last = addresses.last else {
      throw PolicyFetchFailure(.stsPolicyFetchError, "\(target.host) has no address")
    }
    return try await get(target, at: last)
  }

  private func addresses(of host: DomainName) async throws -> [IPAddress] {
    async let sixes = answer(host, .aaaa)
    async let fours = answer(host, .a)
    let answers = [await sixes, await fours]
    let found = answers.flatMap { (try? $0.get())?.records.compactMap(\.address) ?? [] }
    if found.isEmpty {
      for case .failure(let failure) in answers {
        throw PolicyFetchFailure(.stsPolicyFetchError, "address of \(host): \(failure)")
      }
    }
    let usable = options.allowsPrivateAddresses ? found : found.filter(\.isPublic)
    guard !usable.isEmpty || found.isEmpty else {
      throw PolicyFetchFailure(
        .stsPolicyFetchError, "\(host) has no public address (\(found[0])): refused")
    }
    return Array(usable.prefix(max(1, options.addressLimit)))
  }

  private func answer(_ host: DomainName, _ type: RecordType) async -> Result<Answer, LookupFailure>
  {
    do { return .success(try await resolver.lookup(host, type)) } catch { return .failure(error) }
  }

  /// One client for one request: where it connects is fixed when it is made.
  private func get(_ target: FetchTarget, at address: IPAddress) async throws -> FetchedPolicy {
    let configuration = try options.configuration(for: target, at: address)
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    do {
      let body = try await FetchExchange(client: client, target: target).run()
      try await client.shutdown()
      return body
    } catch {
      try? await client.shutdown()
      throw error
    }
  }
}
