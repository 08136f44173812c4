import DNS
import Wire

@Sendable func fuzzZoneFile(_ input: [UInt8]) {
  var limits = ZoneFile.Limits()
  limits.octets = 1 << 18
  let lines = input.count(where: { $0 == .lineFeed }) + 1
  do throws(ZoneFileError) {
    // A file that includes itself, which the limits must end.
    let zone = try ZoneFile(parsing: input, limits: limits) { _ in input }
    let resolver = ZoneResolver(zones: [zone])
    for entry in zone.entries.prefix(50) {
      require((1...lines).contains(entry.line), "line \(entry.line) of \(lines)")
      checkAnswer(resolver, entry)
    }
  } catch {
    require((0...lines).contains(error.line), "\(error) of \(lines) lines")
    require(!error.problem.isEmpty, "an error says what is wrong")
  }
}

private func checkAnswer(_ resolver: ZoneResolver, _ entry: ZoneFile.Entry) {
  let type = entry.record.type
  let answer: Answer? = waitFor {
    do throws(LookupFailure) { return try await resolver.lookup(entry.name, type) } catch {
      return nil
    }
  }
  guard let answer, answer.expandedName == entry.name else { return }
  require(
    answer.records.contains(entry.record), "the zone answers what it holds: \(entry), \(answer)")
}

@Sendable func fuzzDNSMessage(_ input: [UInt8]) {
  let message = reading(input) { () throws(SyntaxError) in try DNSMessage(parsing: input) }
  for type in [RecordType.a, .aaaa, .mx, .txt, .soa, .tlsa, .caa, .ds, .nsec] {
    _ = reading(input) { () throws(SyntaxError) in try Record(type: type, rdata: input) }
  }
  guard let message else { return }
  let records = message.answers.count + message.authorities.count
  require(records * 11 + 12 <= input.count, "more records than octets")
  guard let question = message.questions.first else { return }
  do throws(LookupFailure) {
    let answer = try Answer(
      response: input, to: question.name, question.type, security: .insecure)
    require(
      answer.records.allSatisfy { $0.type == question.type }, "the answer is to the question")
  } catch {
    require(!error.description.isEmpty, "a failure says what is wrong")
  }
}
