import DNS
import Transport
import Wire

@Sendable func fuzzDestination(_ input: [UInt8]) {
  let text = input.text
  let octets = Array(text.utf8)
  let destination = reading(octets) { () throws(SyntaxError) in
    try DeliveryDestination(parsing: text)
  }
  guard let destination else { return }
  let printed = destination.description
  requireEqual(
    rereading(printed) { () throws(SyntaxError) in try DeliveryDestination(parsing: printed) },
    destination, "a destination is read as printed")
  require(destination.port > 0, "port 0")
}

/// The input is a server's certificate, and what a TLSA record holds.
@Sendable func fuzzCertificate(_ input: [UInt8]) {
  _ = CertificateSummary(der: input)
  let whole = TLSARecord(usage: 3, selector: 0, matchingType: 0, associationData: input)
  let key = TLSARecord(usage: 2, selector: 1, matchingType: 0, associationData: input)
  let anchor = TLSARecord(usage: 2, selector: 0, matchingType: 0, associationData: input)
  let isUsable = !TLSASelection([whole]).usable.isEmpty
  requireEqual(
    isUsable, !TLSASelection([anchor]).usable.isEmpty, "the usage does not change the syntax")
  requireEqual(
    verdict([input], [whole]), isUsable, "DANE-EE accepts what it can read, and nothing else")
  // Nothing here is signed by anybody who may sign.
  _ = verdict([input, input], [anchor, key])
  require(!verdict([input], []), "nothing proves nothing")
  let webPKI = TLSRequirement(.webPKI, referenceNames: [.root])
  require(!isAccepted([input], webPKI), "nobody is trusted")
}

private func verdict(_ chain: [[UInt8]], _ records: [TLSARecord]) -> Bool {
  isAccepted(chain, TLSRequirement(.dane(records), referenceNames: [.root]))
}

private func isAccepted(_ chain: [[UInt8]], _ requirement: TLSRequirement) -> Bool {
  waitFor {
    await PeerVerifier(trustRoots: .none).verify(chain, requirement, now: 1_700_000_000)
      .isAcceptable
  }
}
