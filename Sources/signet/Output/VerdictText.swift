import Authentication
import Mail
import Wire

/// The verdict in a word.
enum HeadlineWord: String {
  case genuine = "GENUINE"
  /// The author is who he says, but shows another's address as his name.
  case misleading = "MISLEADING"
  /// DMARC fails, but somebody we trust saw the message before it was changed.
  case accepted = "ACCEPTED"
  case notProven = "NOT PROVEN"
  /// No author that could be judged.
  case unusable = "UNUSABLE"
  /// DNS did not answer.
  case unknown = "UNKNOWN"
  /// The author's domain has no policy.
  case unprotected = "UNPROTECTED"
}

extension MessageVerdict {
  var headlineWord: HeadlineWord {
    switch dmarc.result {
    case .pass: imitatedAddress == nil ? .genuine : .misleading
    case .fail: status == .good ? .accepted : .notProven
    case .permerror: .unusable
    case .temperror: .unknown
    case .none: .unprotected
    }
  }
}

extension MessageVerdict {
  /// The address of somebody else that the author's name looks like.
  fileprivate var imitatedAddress: String? {
    addresses.lazy.filter { $0.field == "From" }.compactMap(\.imitatedAddress).first
  }
}

/// A verdict in words, for people.
///
/// Every text that comes from the message or from DNS has its control characters escaped: a
/// subject cannot write on the reader's terminal.
struct VerdictText {
  let verdict: MessageVerdict
  let explains: Bool
  let showsColour: Bool
  /// Why signatures fail, where that was asked for.
  var diagnosis: MessageDiagnosis?

  var lines: [String] {
    var lines = [headline, ""]
    lines += [spfLine] + dkimLines + [arcLine, dmarcLine, ""]
    lines += addressLines + warningLines
    lines += diagnosisLines
    if explains { lines += ["", "  Evidence"] + verdict.evidence.map(\.line) }
    return lines
  }

  /// The answer to the one question: is the author the one who is shown?
  private var headline: String {
    let author = verdict.dmarc.authorDomain.map { "\($0)" } ?? "the author"
    let (colour, sentence): (Colour, String) =
      switch verdict.headlineWord {
      case .genuine: (.green, "\(author) vouches for this message")
      case .misleading:
        (.yellow, "it is from \(author), but looks as if from \(verdict.imitatedAddress ?? "")")
      case .accepted: (.yellow, "not proven by \(author), let through: \(overrideText)")
      case .notProven: (.red, "\(author) does not vouch for this message; \(wish)")
      case .unusable: (.red, verdict.dmarc.reason ?? "no author to judge")
      case .unknown: (.yellow, "DNS trouble: try again later")
      case .unprotected: (.yellow, "\(author) has no DMARC policy: \(mechanisms)")
      }
    let word = colour.paint(verdict.headlineWord.rawValue, if: showsColour)
    return "  \(word)  \(sentence.escapingControls)"
  }

  private var wish: String {
    switch verdict.dmarc.disposition {
    case .none: "its owner asks for no action"
    case .quarantine: "its owner asks to treat it with suspicion"
    case .reject: "its owner asks to reject it"
    }
  }

  private var overrideText: String {
    verdict.dmarc.override.map { "\($0.reason.rawValue), \($0.comment ?? "")" } ?? ""
  }

  private var mechanisms: String {
    let signers = verdict.dkim.filter { $0.result == .pass }
      .compactMap { $0.signature?.signature.signingDomain.description }
    var parts = signers.map { "signed by \($0)" }
    if let path = verdict.spf?.mailFrom, path.result == .pass, let domain = path.domain {
      parts.append("sent from a host of \(domain)")
    }
    return parts.isEmpty ? "nothing vouches for the author" : parts.joined(separator: ", ")
  }

  private func line(_ method: String, _ result: String, _ text: String) -> String {
    let colour: Colour =
      switch result {
      case "pass": .green
      case "fail", "permerror": .red
      case "none": .dim
      default: .yellow
      }
    let name = method.padding(to: 10)
    return
      "  \(name)\(colour.paint(result.padding(to: 10), if: showsColour))  \(text.escapingControls)"
  }

  private var spfLine: String {
    guard let check = verdict.spf?.mailFrom else {
      return line("SPF", "none", "no client address is known (--ip)")
    }
    let domain = check.domain.map { "\($0)" } ?? "no domain"
    let helo = verdict.spf.map { "; HELO \($0.helo.result.rawValue)" } ?? ""
    let why = [check.mechanism.map { "by \($0)" }, check.reason].compactMap(\.self)
    return line(
      "SPF", check.result.rawValue,
      ([domain] + why).joined(separator: ", ") + helo)
  }

  private var dkimLines: [String] {
    guard !verdict.dkim.isEmpty else { return [line("DKIM", "none", "no signature")] }
    return verdict.dkim.map { signature in
      var parts: [String] = []
      if let common = signature.signature?.signature {
        parts.append("\(common.signingDomain), selector \(common.selector)")
        parts.append(common.algorithm.rawValue)
      }
      if let bits = signature.keyBits { parts.append("\(bits) bits") }
      if let failure = signature.failure { parts.append("\(failure)") }
      if signature.isTesting, signature.failure != .keyInTestMode {
        parts.append("key in test mode")
      }
      return line("DKIM", signature.result.rawValue, parts.joined(separator: ", "))
    }
  }

  private var arcLine: String {
    guard verdict.arc.result != .none else { return line("ARC", "none", "no chain") }
    let sealers = verdict.arc.sealers.map { "\($0)" }.joined(separator: ", ")
    let why = verdict.arc.failure.map { "; \($0)" } ?? ""
    let count = verdict.arc.instances == 1 ? "1 seal" : "\(verdict.arc.instances) seals"
    return line("ARC", verdict.arc.result.rawValue, "\(count): \(sealers)\(why)")
  }

  private var dmarcLine: String {
    let dmarc = verdict.dmarc
    var parts: [String] = []
    if let policy = dmarc.policy, let domain = dmarc.policyDomain {
      parts.append("policy \(policy.rawValue) of \(domain)")
    }
    if dmarc.result == .fail { parts.append("disposition \(dmarc.disposition.rawValue)") }
    if let reason = dmarc.reason { parts.append(reason) }
    return line("DMARC", dmarc.result.rawValue, parts.joined(separator: "; "))
  }

  private var addressLines: [String] {
    // Found out anew at each asking.
    let addresses = verdict.addresses
    guard !addresses.isEmpty else { return ["  No address is shown."] }
    return ["  Addresses shown"]
      + addresses.flatMap { finding in
        let name = finding.displayName.map { "\"\($0)\" " } ?? ""
        let who =
          finding.vouchedBy.isEmpty
          ? Colour.red.paint("nothing vouches for it", if: showsColour)
          : Colour.green.paint(finding.vouchedBy.joined(separator: "; "), if: showsColour)
        let address = finding.address == "<>" ? "<>" : "<\(finding.address)>"
        return ["    \(finding.field.padding(to: 14))\(name)\(address.escapingControls): \(who)"]
          + finding.warnings.map { "      " + Colour.yellow.paint("! \($0)", if: showsColour) }
      }
  }

  private var warningLines: [String] {
    let differences = verdict.dmarcComparison?.differences.map { "DMARC differs: \($0)" } ?? []
    return (verdict.warnings + differences).map {
      "  " + Colour.yellow.paint("! \($0.escapingControls)", if: showsColour)
    }
  }
}

extension String {
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
