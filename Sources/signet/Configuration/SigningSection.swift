import Authentication
import Foundation
import Wire

/// The section `signing`: who signs for which author domain.
struct SigningSection: Sendable {
  /// One signature, its key not read yet.
  struct Entry: Sendable {
    let domain: DomainName
    let selector: DomainName
    /// Of the private key; absolute.
    let keyFile: String
    let identity: DKIMSignature.Identity?
    let headerCanonicalization: DKIMCanonicalization
    let bodyCanonicalization: DKIMCanonicalization
    let lifetime: UInt64?
    let copiesHeader: Bool
    /// What to say where the key cannot be used: the mistake's place, without the reason.
    let place: ConfigurationError
  }

  private(set) var table = SigningTable<[Entry]>()

  init(_ node: ConfigurationNode, folder: URL) throws(ConfigurationError) {
    let members = try node.members(allowed: ["lifetime", "copy_headers", "table"])
    let lifetime = try members["lifetime"].map(Self.lifetime)
    let copiesHeader = try members["copy_headers"]?.bool() ?? false
    guard let table = members["table"] else { throw node.error("\"table\" is missing") }
    for (key, value) in try table.members() {
      var entries: [Entry] = []
      for entry in try value.list() {
        entries.append(
          try Entry(entry, folder: folder, lifetime: lifetime, copiesHeader: copiesHeader))
      }
      guard !entries.isEmpty else { throw value.error("the list is empty") }
      let pattern = try key.text()
      do throws(SyntaxError) {
        guard try self.table.insert(entries, for: pattern) else {
          throw SyntaxError(.duplicate("domain"), at: 0)
        }
      } catch {
        throw key.error(
          "\"\(pattern)\" is neither a new domain nor a new *.domain: \(error.reason)")
      }
    }
  }

  /// The signatures for a message of these author domains, each once.
  func entries(for authors: [DomainName]) -> [Entry] {
    var seen: Set<String> = []
    return authors.compactMap(table.entry).flatMap(\.self).filter {
      seen.insert("\($0.selector)._domainkey.\($0.domain) \($0.place.line)").inserted
    }
  }

  fileprivate static func lifetime(_ node: ConfigurationNode) throws(ConfigurationError) -> UInt64 {
    guard let lifetime = Lifetime(argument: try node.text()) else {
      throw node.error("not a lifetime (\(Lifetime.examples))")
    }
    return lifetime.seconds
  }
}

extension SigningSection.Entry {
  fileprivate init(
    _ node: ConfigurationNode, folder: URL, lifetime: UInt64?, copiesHeader: Bool
  ) throws(ConfigurationError) {
    let members = try node.members(allowed: [
      "domain", "selector", "key", "identity", "canonicalization", "lifetime", "copy_headers",
    ])
    func required(_ name: String) throws(ConfigurationError) -> ConfigurationNode {
      guard let member = members[name] else { throw node.error("\"\(name)\" is missing") }
      return member
    }
    domain = try required("domain").domainName()
    selector = try required("selector").domainName()
    keyFile = URL(filePath: try required("key").text(), relativeTo: folder).path
    identity = try members["identity"]?.identity(below: domain)
    (headerCanonicalization, bodyCanonicalization) =
      try members["canonicalization"]?.canonicalizations() ?? (.relaxed, .relaxed)
    self.lifetime = try members["lifetime"].map(SigningSection.lifetime) ?? lifetime
    self.copiesHeader = try members["copy_headers"]?.bool() ?? copiesHeader
    place = node.error("key \(keyFile)")
  }

  /// The template with its key, which is read now.
  ///
  /// - Throws: `ConfigurationError` at the entry.
  func template(_ permissions: KeyFile.Permissions) throws(ConfigurationError) -> SignatureTemplate
  {
    let key: SigningKey
    do throws(KeyFile.Refusal) { key = try KeyFile.read(keyFile, permissions) } catch {
      throw ConfigurationError(
        file: place.file, line: place.line, column: place.column,
        problem: "\(place.problem): \(error.reason)")
    }
    var template = SignatureTemplate(domain: domain, selector: selector, key: key)
    template.identity = identity
    template.headerCanonicalization = headerCanonicalization
    template.bodyCanonicalization = bodyCanonicalization
    template.lifetime = lifetime
    template.copiesHeader = copiesHeader
    return template
  }
}

extension ConfigurationNode {
  fileprivate func domainName() throws(ConfigurationError) -> DomainName {
    let text = try text()
    do throws(SyntaxError) { return try DomainName(parsing: text) } catch {
      throw self.error("\"\(text)\" is not a domain name: \(error)")
    }
  }

  /// `local@domain` or `@domain`, at or below the signing domain.
  fileprivate func identity(
    below domain: DomainName
  ) throws(ConfigurationError) -> DKIMSignature.Identity {
    let text = try text()
    guard let at = text.lastIndex(of: "@"),
      let name = try? DomainName(parsing: String(text[text.index(after: at)...])),
      name.isAtOrBelow(domain)
    else { throw error("\"\(text)\" is not an identity (local@domain, @domain) of \(domain)") }
    return DKIMSignature.Identity(localPart: String(text[..<at]), domain: name)
  }

  fileprivate func canonicalizations() throws(ConfigurationError) -> (
    DKIMCanonicalization, DKIMCanonicalization
  ) {
    let text = try text()
    let forms = text.split(separator: "/", omittingEmptySubsequences: false)
      .compactMap { DKIMCanonicalization(rawValue: String($0)) }
    guard forms.count == 2, text == forms.map(\.rawValue).joined(separator: "/") else {
      throw error("\"\(text)\" is not a canonicalization (relaxed/relaxed, simple/relaxed, …)")
    }
    return (forms[0], forms[1])
  }
}
