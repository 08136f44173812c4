public import DNS
internal import Synchronization
public import Transport
public import Wire

/// One domain's `_mta-sts` record and policy file, both as the test wants them at the moment; it
/// counts what is asked.
public final class PolicyWorld: Resolver, PolicyFetcher {
  private struct State {
    var texts: Result<[String], LookupFailure> = .success([])
    var file: Result<FetchedPolicy, PolicyFetchFailure> = .failure(
      PolicyFetchFailure(.stsPolicyFetchError, "HTTP status 404"))
    var lookups = 0
    var fetches = 0
    var isHeld = false
  }

  private let state = Mutex(State())

  public init() {}

  /// The TXT records, or why they do not come.
  public var texts: Result<[String], LookupFailure> {
    get { state.withLock { $0.texts } }
    set { state.withLock { $0.texts = newValue } }
  }

  /// The policy file, or why it does not come.
  public var file: Result<FetchedPolicy, PolicyFetchFailure> {
    get { state.withLock { $0.file } }
    set { state.withLock { $0.file = newValue } }
  }

  public var lookups: Int { state.withLock { $0.lookups } }
  public var fetches: Int { state.withLock { $0.fetches } }

  /// While it is set no fetch comes to an end.
  public var isHeld: Bool {
    get { state.withLock { $0.isHeld } }
    set { state.withLock { $0.isHeld = newValue } }
  }

  /// Publishes a policy under this `id`.
  public func publish(_ policy: STSPolicy, id: String) {
    texts = .success(["v=STSv1; id=\(id);"])
    file = .success(FetchedPolicy(body: Array("\(policy)".utf8), contentType: "text/plain"))
  }

  public func lookup(
    _ name: DomainName, _ type: RecordType
  ) async throws(LookupFailure) -> Answer {
    let texts = state.withLock { state in
      state.lookups += 1
      return state.texts
    }
    let records = try texts.get().map { Record.txt([Array($0.utf8)]) }
    return Answer(records.isEmpty ? .noSuchName : .records(records), expandedName: name, ttl: 60)
  }

  public func fetchPolicy(
    of domain: DomainName
  ) async throws(PolicyFetchFailure) -> FetchedPolicy {
    state.withLock { $0.fetches += 1 }
    while isHeld { await Task.yield() }
    return try file.get()
  }
}
