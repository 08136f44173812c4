import Transport
import Wire

/// MTA-STS records: what is read is printed and read back as the same.
@Sendable func fuzzSTSRecord(_ input: [UInt8]) {
  guard let record = try? STSRecord(parsing: input) else { return }
  require(
    (try? STSRecord(parsing: Array("\(record)".utf8))) == record, "a record is read back")
  require(STSRecord.choose(among: [input]) == .record(record), "a record alone is chosen")
}

/// MTA-STS policy files.
@Sendable func fuzzSTSPolicy(_ input: [UInt8]) {
  guard let policy = try? STSPolicy(parsing: input) else { return }
  require(
    policy.mode == .none || !policy.mxPatterns.isEmpty, "only mode none does without hosts")
  require(policy.maxAge <= STSPolicy.maximumAge, "max_age is bounded")
  require(
    (try? STSPolicy(parsing: Array("\(policy)".utf8))) == policy || input.count > 32_000,
    "a policy is read back")
}

/// Policy lists.
@Sendable func fuzzPolicyList(_ input: [UInt8]) {
  guard let list = try? PolicyList(parsing: input) else { return }
  require((try? PolicyList(parsing: Array("\(list)".utf8))) == list, "a list is read back")
  for domain in list.policies.keys {
    require(list.listedEntry(for: domain) != nil, "every domain has an entry")
    require(list.entry(for: domain, now: list.expires) == nil, "an expired list gives nothing")
  }
}
