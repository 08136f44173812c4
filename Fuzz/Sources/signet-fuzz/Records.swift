import Authentication
import DNS
import Wire

@Sendable func fuzzDKIMSignature(_ input: [UInt8]) {
  let parsed = reading(input) { () throws(SyntaxError) in try DKIMSignature(parsing: input) }
  guard let parsed else { return }
  let common = parsed.signature
  require(common.signedFields.contains("from"), "From is signed")
  let text = common.signingDomain.description
  requireEqual(
    rereading(text) { () throws(SyntaxError) in try DomainName(parsing: text) },
    common.signingDomain, "d= can be printed")
  _ = parsed.identity.description
}

/// One TXT record for every name.
private struct OneRecord: Resolver {
  let text: [UInt8]

  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    Answer(type == .txt ? .records([.txt([text])]) : .noData, expandedName: name)
  }
}

@Sendable func fuzzKeyRecord(_ input: [UInt8]) {
  let record = reading(input) { () throws(SyntaxError) in try DKIMKeyRecord(parsing: input) }
  let resolver = OneRecord(text: input)
  for key in TestKeys.all {
    let found = waitFor { await KeyPublication.of(key, at: TestKeys.keyName, in: resolver) }
    if case .matches(let published) = found {
      requireEqual(record, published, "the record that matches is the one that is read")
    }
  }
}

@Sendable func fuzzSigningKey(_ input: [UInt8]) {
  do throws(SigningKeyError) {
    let key = try SigningKey(pem: input.text)
    let again = try SigningKey(pem: key.pem)
    requireEqual(again.keyRecord, key.keyRecord, "a key is read as printed")
    let record = Array(key.keyRecord.utf8)
    let found = waitFor {
      await KeyPublication.of(key, at: TestKeys.keyName, in: OneRecord(text: record))
    }
    guard case .matches = found else { stop("a key does not match its record: \(found)") }
  } catch {
    require(!error.description.isEmpty, "an error says what is wrong")
  }
}

@Sendable func fuzzDMARCRecord(_ input: [UInt8]) {
  if let uri = reading(input, { () throws(SyntaxError) in try DMARCReportURI(parsing: input) }) {
    checkURI(uri)
  }
  let record = reading(input) { () throws(SyntaxError) in try DMARCRecord(parsing: input) }
  guard let record else { return }
  requireEqual(record.octets, input, "the record keeps its octets")
  require(record.rua.count <= DMARCRecord.maximumReportURIs, "rua= is bounded")
  require(record.ruf.count <= DMARCRecord.maximumReportURIs, "ruf= is bounded")
  for tag in record.ignoredTags {
    require((0...input.count).contains(tag.offset), "\(tag) lies outside")
  }
  for uri in record.rua + record.ruf { checkURI(uri) }
}

private func checkURI(_ uri: DMARCReportURI) {
  let again = rereading(uri.text) { () throws(SyntaxError) in
    try DMARCReportURI(parsing: Array(uri.text.utf8))
  }
  requireEqual(again.mailbox, uri.mailbox, "a URI is read as printed")
  requireEqual(again.host, uri.host, "a URI is read as printed")
}

@Sendable func fuzzPublicSuffixList(_ input: [UInt8]) {
  let list = reading(input) { () throws(SyntaxError) in try PublicSuffixList(parsing: input) }
  guard let list else { return }
  require(list.count > 0, "a list has a rule")
  for line in input.split(separator: .lineFeed).prefix(50) {
    let text = line.drop(while: { "*!.".utf8.contains($0) })
    guard let name = try? DomainName(parsing: text), let below = try? name.prepending("a", "b")
    else { continue }
    for name in [name, below] { checkSuffix(name, list) }
  }
}

private func checkSuffix(_ name: DomainName, _ list: PublicSuffixList) {
  for icannOnly in [false, true] {
    guard let suffix = list.publicSuffix(of: name, icannOnly: icannOnly) else {
      stop("no public suffix of \(name)")
    }
    require(name.isAtOrBelow(suffix), "\(suffix) ends \(name)")
    requireEqual(
      list.isPublicSuffix(name, icannOnly: icannOnly), suffix == name, "is a suffix: \(name)")
    guard let domain = list.registrableDomain(of: name, icannOnly: icannOnly) else { continue }
    require(name.isAtOrBelow(domain), "\(domain) ends \(name)")
    requireEqual(domain.parent, suffix, "one label more")
    requireEqual(
      list.registrableDomain(of: domain, icannOnly: icannOnly), domain, "registered once")
  }
}
