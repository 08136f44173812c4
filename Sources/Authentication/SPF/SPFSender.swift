internal import Wire

/// The `<sender>` of `check_host()`: a mailbox made of one of the two identities (RFC 7208 §4.1).
struct SPFSender: Hashable, Sendable {
  /// As given, quotes included; `postmaster` where there is none (§4.3).
  let localPart: [UInt8]
  /// A-labels (RFC 8616 §4).
  let domain: DomainName

  static let postmaster = Array("postmaster".utf8)

  /// The HELO name as a sender; nil where it is not a host name of two labels or more (§2.3).
  init?(helo: [UInt8]) {
    self.init(localPart: Self.postmaster, domain: helo[...])
  }

  /// The sender of a reverse-path that is not null; nil where it holds no domain to check.
  ///
  /// A source route (RFC 5321 appendix C) is skipped: the domain is behind the last `@`.
  init?(reversePath: [UInt8]) {
    var path = reversePath[...]
    guard let at = path.lastIndex(of: .at) else {
      self.init(localPart: Self.postmaster, domain: path)
      return
    }
    if path.first == .at, let colon = path[..<at].firstIndex(of: .colon) {
      path = path[(colon + 1)...]
    }
    let localPart = at >= path.startIndex ? Array(path[..<at]) : []
    self.init(
      localPart: localPart.isEmpty ? Self.postmaster : localPart, domain: reversePath[(at + 1)...])
  }

  /// `postmaster` at a domain that is asked for as it is.
  init(postmasterAt domain: DomainName) {
    localPart = Self.postmaster
    self.domain = domain
  }

  /// §4.3: malformed, of one label, or an address: nothing to ask for.
  private init?(localPart: [UInt8], domain text: ArraySlice<UInt8>) {
    guard let domain = try? DomainName(parsing: text, finalDot: true), domain.labelCount > 1 else {
      return nil
    }
    // Of the two kinds of address, only an IPv4 one is a name as well; it ends in a digit.
    if text.last?.isDigit == true, (try? IPAddress(parsing: text)) != nil { return nil }
    self.localPart = localPart
    self.domain = domain
  }

  /// RFC 8616 §4: terms with `%{l}` or `%{s}` then match nothing.
  var hasNonASCIILocalPart: Bool { localPart.contains(where: \.isNonASCII) }
}
