package import DNS
package import Wire

/// One record or term on the way to a result. Kept as values; the words are made when asked for.
package struct SPFStep: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case record = "spf record"
    case mechanism = "spf mechanism"
    case redirect = "spf redirect"
    case explanation = "spf explanation"
  }

  package var kind: Kind
  /// What the outcome rests on.
  package enum Found: Hashable, Sendable {
    case queries([SPFQuery])
    /// The address that was compared.
    case client(IPAddress)
    /// What the record of another domain said (RFC 7208 §5.2).
    case result(SPFResult, DomainName)
    case text(String)
  }

  /// Whose record is evaluated.
  package var domain: DomainName
  /// The term as published, or the record.
  package var text: ArraySlice<UInt8>
  package var found: Found
  package var outcome: String
  package var cites: String

  package var evidence: Evidence {
    let isRecord = kind == .record
    return Evidence(
      step: kind.rawValue,
      subject: isRecord ? domain.description : "\(domain) \(text.printableText)",
      found: isRecord && !text.isEmpty ? text.printableText : found.description,
      outcome: outcome, cites: cites)
  }
}

extension SPFStep.Found: CustomStringConvertible {
  package var description: String {
    switch self {
    case .queries(let queries): queries.map(\.description).joined(separator: "; ")
    case .client(let client): "client \(client)"
    case .result(let result, let domain): "\(result.rawValue) by \(domain)"
    case .text(let text): text
    }
  }
}

/// One question to DNS and what came of it.
package struct SPFQuery: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    case answer(Answer.Outcome)
    case failure(LookupFailure)
  }

  package var name: DomainName
  package var type: RecordType
  package var outcome: Outcome

  package var records: [Record] {
    if case .answer(.records(let records)) = outcome { records } else { [] }
  }

  /// An answer without records, or NXDOMAIN (RFC 7208 §4.6.4).
  package var isVoid: Bool {
    if case .answer = outcome { records.isEmpty } else { false }
  }
}

extension SPFQuery: CustomStringConvertible {
  package var description: String {
    let found =
      switch outcome {
      case .answer(.noSuchName): "no such name"
      case .answer(.noData): "no such record"
      case .answer(.records(let records)):
        records.isEmpty ? "no such record" : records.map(Self.text).joined(separator: ", ")
      case .failure(let failure): failure.description
      }
    return "\(typeName) \(name): \(found)"
  }

  package var typeName: String {
    switch type {
    case .a: "A"
    case .aaaa: "AAAA"
    case .mx: "MX"
    case .ptr: "PTR"
    case .txt: "TXT"
    default: "TYPE\(type.rawValue)"
    }
  }

  private static func text(of record: Record) -> String {
    switch record {
    case .mx(let preference, let exchange): "\(preference) \(exchange)"
    case .ptr(let name): name.description
    case .txt: record.joinedText?.printableText ?? ""
    default: record.address?.description ?? "a record of another type"
    }
  }
}
