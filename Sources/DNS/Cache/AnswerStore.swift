internal import DequeModule

/// Results by question, each until its time is up; the one unused for longest is dropped first.
struct AnswerStore<Instant: InstantProtocol> where Instant.Duration == Swift.Duration {
  private struct Entry {
    var result: LookupResult
    var stored: Instant
    var lifetime: UInt32
    var lastUse: UInt64
  }

  private let capacity: Int
  private var entries: [DNSQuestion: Entry] = [:]
  /// Uses in order. Only the last use of an entry counts: older ones are skipped when met, and
  /// swept before they outnumber the entries.
  private var uses: Deque<(question: DNSQuestion, number: UInt64)> = []
  private var lastUse: UInt64 = 0

  init(capacity: Int) { self.capacity = max(0, capacity) }

  var count: Int { entries.count }

  mutating func removeAll() {
    entries = [:]
    uses = []
  }

  /// The result, its TTL less its age in whole seconds; nil when there is none or it is too old.
  mutating func result(for question: DNSQuestion, now: Instant) -> LookupResult? {
    guard let entry = entries[question] else { return nil }
    let age = entry.stored.duration(to: now).components.seconds
    // A clock that goes back makes nothing younger.
    guard age >= 0, age < Int64(entry.lifetime) else {
      entries[question] = nil
      return nil
    }
    use(question)
    guard case .success(var answer) = entry.result else { return entry.result }
    answer.ttl = entry.lifetime - UInt32(age)
    return .success(answer)
  }

  mutating func insert(
    _ result: LookupResult, for question: DNSQuestion, now: Instant, lifetime: UInt32
  ) {
    guard lifetime > 0, capacity > 0 else {
      entries[question] = nil
      return
    }
    entries[question] = Entry(result: result, stored: now, lifetime: lifetime, lastUse: 0)
    use(question)
    while entries.count > capacity, let use = uses.popFirst() {
      if entries[use.question]?.lastUse == use.number { entries[use.question] = nil }
    }
  }

  private mutating func use(_ question: DNSQuestion) {
    lastUse &+= 1
    entries[question]?.lastUse = lastUse
    uses.append((question, lastUse))
    if uses.count > 2 * entries.count + 64 {
      uses = Deque(uses.lazy.filter { [entries] in entries[$0.question]?.lastUse == $0.number })
    }
  }
}
