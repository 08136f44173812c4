import DNS
import Wire

/// What stands at `_dmarc.` and a domain, after RFC 9989 §4.10 step 2.
enum DMARCAnswer: Hashable, Sendable {
  case record(DMARCRecord)
  /// No record of this version; `others` TXT records were discarded.
  case none(others: Int)
  /// More than one, which are all discarded.
  case several(Int)
  case failure(LookupFailure)

  var record: DMARCRecord? { if case .record(let record) = self { record } else { nil } }
  var failure: LookupFailure? { if case .failure(let failure) = self { failure } else { nil } }
}

/// The questions of one evaluation. None is asked twice.
struct DMARCLookups<DNS: Resolver> {
  let resolver: DNS
  private var answers: [DomainName: DMARCAnswer] = [:]
  private var existence: [DomainName: Result<Bool, LookupFailure>] = [:]

  init(resolver: DNS) { self.resolver = resolver }

  /// The record at `_dmarc.` and this domain.
  mutating func answer(at domain: DomainName) async -> DMARCAnswer {
    if let known = answers[domain] { return known }
    let answer = await ask(domain)
    answers[domain] = answer
    return answer
  }

  private func ask(_ domain: DomainName) async -> DMARCAnswer {
    // A name too long for DNS has no records.
    guard let name = try? domain.prepending("_dmarc") else { return .none(others: 0) }
    do {
      let texts = try await resolver.lookup(name, .txt).records.compactMap(\.joinedText)
      let candidates = texts.filter(DMARCRecord.hasVersion)
      guard candidates.count <= 1 else { return .several(candidates.count) }
      guard let text = candidates.first, let record = try? DMARCRecord(parsing: text) else {
        return .none(others: texts.count)
      }
      return .record(record)
    } catch {
      return .failure(error)
    }
  }

  /// Whether a domain exists (RFC 9989 §3.2.13, appendix A.4): any answer but NXDOMAIN says so,
  /// whatever type is asked for. NXDOMAIN behind an alias is about the alias's target; the alias
  /// itself is there.
  mutating func exists(_ domain: DomainName) async -> Result<Bool, LookupFailure> {
    if let known = existence[domain] { return known }
    let result: Result<Bool, LookupFailure>
    do {
      let answer = try await resolver.lookup(domain, .a)
      result = .success(answer.outcome != .noSuchName || answer.expandedName != domain)
    } catch {
      result = .failure(error)
    }
    existence[domain] = result
    return result
  }
}
