public import DNS
public import Wire

/// Runs `check_host()` (RFC 7208 §4). A plain value: make one at start-up and share it.
public struct SPFVerifier<DNS: Resolver>: Sendable {
  /// Where records are asked for.
  public var resolver: DNS
  /// What one check may cost (RFC 7208 §4.6.4).
  public var limits = SPFLimits()
  /// Our own host name, for `%{r}` in explanations; `unknown` stands there without it (§7.3).
  public var receiver: DomainName?

  /// A verifier with the default limits.
  public init(resolver: DNS) { self.resolver = resolver }

  /// Judges both identities of a session, at the same time.
  ///
  /// Never throws: DNS trouble and cancellation are `temperror`, a broken record is `permerror`.
  ///
  /// - Parameters:
  ///   - client: the address of the SMTP client; an IPv4-mapped one is IPv4 (§5).
  ///   - helo: the parameter of HELO or EHLO, as received.
  ///   - mailFrom: the reverse-path without its angle brackets. Nil or empty is the null
  ///     reverse-path, which stands for `postmaster` at the HELO name (§2.4).
  ///   - now: seconds since 1970, for `%{t}` (§7.2).
  ///   - clock: measures `limits.duration`.
  public func check(
    client: IPAddress, helo: [UInt8], mailFrom: [UInt8]?, now: Int64,
    clock: some Clock<Duration> = ContinuousClock()
  ) async -> SPFVerdict {
    guard let mailFrom, !mailFrom.isEmpty else {
      let check = await check(
        .helo, client: client, helo: helo, mailFrom: nil, now: now, clock: clock)
      var copy = check
      copy.identity = .mailFrom
      return SPFVerdict(mailFrom: copy, helo: check)
    }
    let session = SPFSession(client: client, helo: helo, mailFrom: mailFrom, now: now)
    let checks = await check([.helo, .mailFrom], session, clock)
    return SPFVerdict(
      mailFrom: checks.last ?? SPFCheck(identity: .mailFrom, result: .temperror, domain: nil),
      helo: checks.first ?? SPFCheck(identity: .helo, result: .temperror, domain: nil))
  }

  /// The same with the HELO name as text.
  public func check(
    client: IPAddress, helo: String, mailFrom: [UInt8]?, now: Int64,
    clock: some Clock<Duration> = ContinuousClock()
  ) async -> SPFVerdict {
    await check(
      client: client, helo: Array(helo.utf8), mailFrom: mailFrom, now: now, clock: clock)
  }

  /// Judges one identity of a session. The HELO name is wanted for either: `%{h}` is that.
  public func check(
    _ identity: SPFIdentity, client: IPAddress, helo: [UInt8], mailFrom: [UInt8]?, now: Int64,
    clock: some Clock<Duration> = ContinuousClock()
  ) async -> SPFCheck {
    let session = SPFSession(client: client, helo: helo, mailFrom: mailFrom, now: now)
    let checks = await check([identity], session, clock)
    return checks.first ?? SPFCheck(identity: identity, result: .temperror, domain: nil)
  }

  /// All at the same time, and at the deadline no more.
  private func check(
    _ identities: [SPFIdentity], _ session: SPFSession, _ clock: some Clock<Duration>
  ) async -> [SPFCheck] {
    let deadline = Deadline(after: limits.duration, by: clock)
    return await deadline.run(
      identities.map { identity in { await check(identity, session, deadline) } })
  }

  private func check(
    _ identity: SPFIdentity, _ session: SPFSession, _ deadline: Deadline<some Clock<Duration>>
  ) async -> SPFCheck {
    let path = identity == .mailFrom ? session.mailFrom ?? [] : []
    let sender = path.isEmpty ? SPFSender(helo: session.helo) : SPFSender(reversePath: path)
    guard let sender else {
      let name = identity == .mailFrom && !path.isEmpty ? "the reverse-path" : "the HELO name"
      return SPFCheck(
        identity: identity, result: .none, domain: nil,
        reason: "\(name) holds no domain name of two labels or more")
    }
    let values = SPFMacroValues(
      sender: sender, client: session.client.unmapped, helo: Self.asciiName(session.helo),
      receiver: receiver, now: session.now, budget: limits.macroOctets)
    var evaluation = SPFEvaluation(
      resolver: resolver, limits: limits, values: values, deadline: deadline)
    return await evaluation.run(as: identity)
  }

  /// RFC 8616 §4: U-labels are converted also where macros use them.
  private static func asciiName(_ helo: [UInt8]) -> [UInt8] {
    guard helo.contains(where: \.isNonASCII), let name = try? DomainName(parsing: helo) else {
      return helo
    }
    return name.dottedOctets
  }
}

/// What the identities are judged by.
private struct SPFSession: Sendable {
  var client: IPAddress
  var helo: [UInt8]
  var mailFrom: [UInt8]?
  var now: Int64
}
