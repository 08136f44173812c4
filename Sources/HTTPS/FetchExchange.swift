internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Transport

/// One request and its answer.
struct FetchExchange {
  var client: HTTPClient
  var target: FetchTarget

  func run() async throws -> FetchedPolicy {
    var request = HTTPClientRequest(url: target.url)
    request.headers = ["User-Agent": "signet", "Accept": "text/plain", "Cache-Control": "no-cache"]
    // The whole deadline is kept above; this one only has to be later.
    let response = try await client.execute(request, timeout: .hours(1))
    try check(response)
    var body: [UInt8] = []
    for try await piece in response.body {
      guard piece.readableBytes <= target.limit - body.count else { throw tooLong }
      body.append(contentsOf: piece.readableBytesView)
    }
    return FetchedPolicy(body: body, contentType: response.headers.first(name: "content-type"))
  }

  private var tooLong: PolicyFetchFailure {
    PolicyFetchFailure(.stsPolicyFetchError, "more than \(target.limit) octets")
  }

  private func check(_ response: HTTPClientResponse) throws {
    guard response.status == .ok else {
      throw PolicyFetchFailure(.stsPolicyFetchError, "HTTP status \(response.status.code)")
    }
    let codings = response.headers[canonicalForm: "content-encoding"]
    guard codings.allSatisfy({ $0.lowercased() == "identity" }) else {
      throw PolicyFetchFailure(
        .stsPolicyFetchError, "Content-Encoding \(codings[0].prefix(40)), which was not asked for")
    }
    if let length = response.headers.first(name: "content-length").flatMap({ Int($0) }) {
      guard length <= target.limit else { throw tooLong }
    }
  }
}
