internal import Mail
internal import Wire

extension MessageVerdict {
  /// The Authentication-Results field that tells this verdict (RFC 8601 §2.2).
  ///
  /// Its values come from strangers; printing the field makes them safe.
  ///
  /// - Parameter authservID: the name under which we give results (§2.5).
  public func authenticationResults(authservID: String) -> AuthenticationResults {
    var results: [MethodResult] = []
    if let spf { results += spfResults(spf) }
    results += signaturesToTell.map(dkimResult)
    if dkim.isEmpty { results.append(MethodResult(method: "dkim", result: "none")) }
    if arc.result != .none { results.append(arcResult) }
    results.append(dmarcResult)
    return AuthenticationResults(authservID: authservID, results: results)
  }

  /// RFC 8601 §2.7.2: one result for each identity.
  private func spfResults(_ spf: SPFVerdict) -> [MethodResult] {
    var results: [MethodResult] = []
    if let domain = spf.mailFrom.domain {
      results.append(
        MethodResult(
          method: "spf", result: spf.mailFrom.result.rawValue, reason: spf.mailFrom.reason,
          properties: [
            .init(type: "smtp", name: "mailfrom", value: reversePath(of: spf.mailFrom, domain))
          ]))
    }
    if let domain = spf.helo.domain {
      results.append(
        MethodResult(
          method: "spf", result: spf.helo.result.rawValue, reason: spf.helo.reason,
          properties: [.init(type: "smtp", name: "helo", value: "\(domain)")]))
    }
    if results.isEmpty {
      results.append(
        MethodResult(method: "spf", result: "none", reason: spf.mailFrom.reason))
    }
    return results
  }

  /// `[local-part@]domain`. The null path, and a path that breaks SMTP's grammar, leave the domain
  /// alone, which is what SPF judged.
  private func reversePath(of check: SPFCheck, _ domain: DomainName) -> String {
    guard check.localPart != spf?.helo.localPart,
      let path = try? ReversePath(parsing: check.localPart + Array("@\(domain)".utf8)),
      case .mailbox(let address) = path
    else { return "\(domain)" }
    return "\(address)"
  }

  /// The signatures that were looked at. All others share one result: a message can hold more of
  /// them than the field has room for.
  private var signaturesToTell: [DKIMVerdict] {
    var isTold = false
    let told = dkim.filter { verdict in
      guard case .tooManySignatures? = verdict.failure else { return true }
      defer { isTold = true }
      return !isTold
    }
    let passing = told.filter { $0.result == .pass }
    return told.count <= Self.maximumSignaturesTold
      ? told
      : (passing + told.filter { $0.result != .pass }).prefix(Self.maximumSignaturesTold).map(
        \.self)
  }

  private static let maximumSignaturesTold = 50

  /// RFC 8601 §2.7.1, RFC 6008 for `header.b`.
  private func dkimResult(_ verdict: DKIMVerdict) -> MethodResult {
    var properties: [MethodResult.Property] = []
    if let signature = verdict.signature {
      let common = signature.signature
      properties = [
        .init(type: "header", name: "d", value: "\(common.signingDomain)"),
        .init(type: "header", name: "i", value: "\(signature.identity)"),
        .init(type: "header", name: "s", value: "\(common.selector)"),
        .init(type: "header", name: "a", value: common.algorithm.rawValue),
        .init(
          type: "header", name: "b", value: String(Base64.encode(common.signature).prefix(8))),
      ]
    }
    return MethodResult(
      method: "dkim", result: verdict.result.rawValue,
      reason: verdict.failure.map { "\($0)" },
      comment: verdict.isTesting ? "key in test mode" : nil, properties: properties)
  }

  /// RFC 8617 §6.
  private var arcResult: MethodResult {
    var properties: [MethodResult.Property] = []
    if let oldestPass = arc.oldestPass {
      properties.append(.init(type: "header", name: "oldest-pass", value: "\(oldestPass)"))
    }
    if let client {
      properties.insert(.init(type: "smtp", name: "remote-ip", value: "\(client)"), at: 0)
    }
    return MethodResult(
      method: "arc", result: arc.result.rawValue, reason: arc.failure.map { "\($0)" },
      comment: "i=\(arc.instances)", properties: properties)
  }

  /// RFC 9989 §9.2: `header.from`, and what the policy is and became.
  private var dmarcResult: MethodResult {
    var properties: [MethodResult.Property] = []
    if let domain = dmarc.authorDomain {
      properties.append(.init(type: "header", name: "from", value: "\(domain)"))
    }
    if let policy = dmarc.policy {
      properties.append(.init(type: "policy", name: "dmarc", value: policy.rawValue))
    }
    return MethodResult(
      method: "dmarc", result: dmarc.result.rawValue, reason: dmarc.reason,
      comment: dmarc.policy.map { "p=\($0.rawValue) dis=\(dmarc.disposition.rawValue)" },
      properties: properties)
  }
}
