internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Transport

/// What the errors of the libraries below mean for a policy.
enum FetchTrouble {
  /// Whether nobody answered at this address, so that another may be tried.
  static func isUnreachable(_ error: any Error) -> Bool {
    if error is NIOConnectionError || error is IOError { return true }
    return (error as? HTTPClientError) == .connectTimeout
  }

  static func failure(_ error: any Error) -> PolicyFetchFailure {
    switch error {
    case let failure as PolicyFetchFailure: failure
    case is CancellationError:
      PolicyFetchFailure(.stsPolicyFetchError, "cancelled")
    case let error where isCertificateTrouble(error):
      PolicyFetchFailure(.stsWebPKIInvalid, reason(error))
    default:
      PolicyFetchFailure(.stsPolicyFetchError, reason(error))
    }
  }

  private static func isCertificateTrouble(_ error: any Error) -> Bool {
    if error as? NIOSSLExtraError == .failedToValidateHostname { return true }
    guard let error = error as? NIOSSLError else { return false }
    switch error {
    case .noCertificateToValidate, .unableToValidateCertificate: return true
    case .handshakeFailed: return "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
    default: return false
    }
  }

  private static func reason(_ error: any Error) -> String {
    if error as? NIOSSLExtraError == .failedToValidateHostname {
      return "the certificate does not show the host as a DNS-ID"
    }
    return "\(String("\(error)".prefix(300)))"
  }
}
