import ArgumentParser
import Authentication
import Wire

/// A key as `--key` names it: the name of its record in DNS, and the file of the private key.
///
///     s1._domainkey.example.com=keys/s1.pem
///
/// The name in DNS tells selector and domain apart, which may both have dots.
struct KeyOption: ExpressibleByArgument {
  let selector: DomainName
  let domain: DomainName
  let file: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1)
    guard parts.count == 2,
      let name = try? DomainName(parsing: String(parts[0]), finalDot: true)
    else { return nil }
    let labels = name.labels
    guard let middle = labels.firstIndex(of: Array("_domainkey".utf8)[...]), middle > 0,
      middle < labels.count - 1, let selector = try? DomainName(labels: labels[..<middle]),
      let domain = try? DomainName(labels: labels[(middle + 1)...])
    else { return nil }
    self.selector = selector
    self.domain = domain
    file = String(parts[1])
  }

  func template(_ permissions: KeyFile.Permissions) throws -> SignatureTemplate {
    SignatureTemplate(
      domain: domain, selector: selector, key: try KeyFile.open(file, permissions))
  }
}
