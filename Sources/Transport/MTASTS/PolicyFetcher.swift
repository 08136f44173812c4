public import Wire

/// Fetches a policy file over HTTPS (RFC 8461 §3.3): the module `HTTPS` does, tests have their own.
public protocol PolicyFetcher: Sendable {
  /// The body of `https://mta-sts.<domain>/.well-known/mta-sts.txt`, under limits of size and time,
  /// from a server whose certificate is valid for that name.
  func fetchPolicy(of domain: DomainName) async throws(PolicyFetchFailure) -> FetchedPolicy
}

/// A policy file as it came.
public struct FetchedPolicy: Hashable, Sendable {
  /// At most 64 KiB.
  public var body: [UInt8]
  /// The media type as sent; `text/plain` is recommended (RFC 8461 §3.2).
  public var contentType: String?

  /// A file of this body.
  public init(body: [UInt8], contentType: String?) {
    self.body = body
    self.contentType = contentType
  }
}

/// Why a policy file did not come.
public struct PolicyFetchFailure: Error, Hashable, Sendable {
  /// What a report calls it: `stsPolicyFetchError` or `stsWebPKIInvalid`.
  public var failure: TLSFailure
  /// In words: `HTTP status 301`, `more than 65536 octets`, `timed out after 60 s`.
  public var reason: String

  /// A failure of this kind.
  public init(_ failure: TLSFailure, _ reason: String) {
    self.failure = failure
    self.reason = reason
  }
}
