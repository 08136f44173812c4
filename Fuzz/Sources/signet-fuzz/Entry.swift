import Glibc

/// A target reads any octets, and stops the program where a promise is broken.
typealias Target = @Sendable ([UInt8]) -> Void

/// Each has seeds in `Seeds/NAME`; `make fuzz` runs those it finds there.
let targets: [String: Target] = [
  "address": fuzzAddress,
  "authres": fuzzAuthenticationResults,
  "base64": fuzzBase64,
  "certificate": fuzzCertificate,
  "destination": fuzzDestination,
  "diagnosis": fuzzDiagnosis,
  "dkim": fuzzDKIMSignature,
  "dmarc": fuzzDMARCRecord,
  "dns": fuzzDNSMessage,
  "header": fuzzHeader,
  "ip": fuzzIPAddress,
  "key": fuzzKeyRecord,
  "message": fuzzMessage,
  "mime": fuzzMIME,
  "name": fuzzDomainName,
  "pem": fuzzSigningKey,
  "policylist": fuzzPolicyList,
  "psl": fuzzPublicSuffixList,
  "reply": fuzzReplies,
  "seal": fuzzSealer,
  "sign": fuzzSigner,
  "smtp": fuzzClientSession,
  "spf": fuzzSPF,
  "stspolicy": fuzzSTSPolicy,
  "stsrecord": fuzzSTSRecord,
  "taglist": fuzzTagList,
  "zone": fuzzZoneFile,
]

/// The target that `FUZZ_TARGET` names.
private let target: Target = {
  let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
  guard let target = targets[name] else {
    stop("FUZZ_TARGET is one of: \(targets.keys.sorted().joined(separator: " "))")
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
