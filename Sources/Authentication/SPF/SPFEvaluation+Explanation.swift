internal import DNS
internal import Wire

extension SPFEvaluation {
  /// RFC 7208 §6.2: the text for a `fail`; nil where there is none or anything goes wrong.
  mutating func explanation(of conclusion: SPFConclusion) async -> String? {
    guard let modifier = conclusion.explanation else { return nil }
    isDecided = true
    queries = []
    let subject = Array("exp".utf8)[...]
    do {
      let text = try await fetchExplanation(modifier, in: conclusion.domain)
      addStep(
        .explanation, conclusion.domain, subject, text == nil ? "ignored" : "used",
        cites: "RFC 7208 §6.2")
      return text
    } catch {
      addStep(.explanation, conclusion.domain, subject, "ignored", cites: "RFC 7208 §6.2")
      return nil
    }
  }

  private mutating func fetchExplanation(
    _ modifier: SPFModifier, in domain: DomainName
  ) async throws(SPFStop) -> String? {
    guard case .name(let name) = try await target(of: modifier.value, in: domain) else {
      return nil
    }
    let records = try await ask(name, .txt).records
    guard records.count == 1, let text = records[0].joinedText,
      let macros = try? SPFMacroString(parsing: ByteCursor(text), as: .explanation)
    else { return nil }
    let expanded = try await expand(macros, in: domain)
    return Self.harmless(expanded, upTo: limits.explanationOctets)
  }

  /// Macros may bring in any octet of the client's: only printable US-ASCII is let out.
  private static func harmless(_ text: [UInt8], upTo length: Int) -> String? {
    guard !text.isEmpty else { return nil }
    return text.prefix(max(0, length))
      .map { $0.isVisible || $0 == .blank ? $0 : 0x3F }.text
  }
}
