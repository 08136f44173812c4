import Authentication
import Testing
import Wire

extension MessageVerdict {
  /// What holds after every attack: a pass is for the one author that all readers see, and nothing
  /// vouches for the victim, whichever field shows it.
  func expectNoGain(over victim: DomainName) {
    #expect(dmarc.override == nil)
    if dmarc.result == .pass {
      let shown = addresses.filter { $0.field == "From" }
      #expect(shown.allSatisfy { $0.domain == dmarc.authorDomain })
      #expect(shown.allSatisfy { !$0.vouchedBy.isEmpty })
      #expect(shown.allSatisfy { !($0.displayName ?? "").contains("@") || !$0.warnings.isEmpty })
      #expect(dmarc.authorDomain?.isAtOrBelow(victim) == false)
    }
    for finding in addresses where finding.domain?.isAtOrBelow(victim) == true {
      #expect(finding.vouchedBy.isEmpty, "\(finding)")
    }
    expectNoPass(printedFor: victim)
  }

  /// Nobody who reads our field may take it for the victim's pass.
  private func expectNoPass(printedFor victim: DomainName) {
    let printed = authenticationResults(authservID: "mx.example.org").fieldValue()
    let read = try? AuthenticationResults(parsing: printed.utf8)
    #expect(read != nil, "\(printed)")
    for result in read?.results ?? [] where result.result == "pass" {
      #expect(!result.properties.contains { $0.value.hasSuffix("\(victim)") }, "\(printed)")
    }
  }
}
