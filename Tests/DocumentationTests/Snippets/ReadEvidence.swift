// listing
import Authentication
import Mail
import Wire

let changedMessage = bankMessage + "-- \nSent to you by the customers list\n"

func failingVerdict() async throws -> MessageVerdict {
  try await verify(changedMessage, from: "198.51.100.7")
}
// end

// listing
func steps(of verdict: MessageVerdict) -> [String] {
  verdict.evidence.map { evidence in
    "\(evidence.step) | \(evidence.subject) | \(evidence.outcome) | \(evidence.cites)"
  }
}
// end

// listing
func reasons(for verdict: MessageVerdict) -> [String] {
  var lines: [String] = []
  if let check = verdict.spf?.mailFrom, let reason = check.reason {
    lines.append("SPF \(check.result): \(reason)")
  }
  for signature in verdict.dkim {
    switch signature.failure {
    case nil:
      lines.append("DKIM pass")
    case .bodyHashMismatch, .signatureMismatch:
      lines.append("DKIM: not what was signed; a diagnosis tells what was changed")
    case .keyLookupFailed(let failure):
      lines.append("DKIM: ask again later: \(failure)")
    case let failure?:
      lines.append("DKIM \(failure.result): \(failure), \(failure.cites)")
    }
  }
  return lines + [verdict.dmarc.reason].compactMap { $0 }
}
// end

// listing
func addresses(of verdict: MessageVerdict) -> [String] {
  verdict.addresses.map { finding in
    let vouchers = finding.vouchedBy.isEmpty ? ["nobody"] : finding.vouchedBy
    return "\(finding.field): \(finding.address), vouched for by "
      + vouchers.joined(separator: " and ")
  }
}
// end

// listing
func diagnosis(of message: String, _ verdict: MessageVerdict) -> [String] {
  let diagnosis = MessageDiagnosis(
    of: Array(message.utf8), verdict, lineEnds: .bareLineFeed)
  return diagnosis.dkim.compactMap { $0 }.flatMap(\.sentences)
}
// end
