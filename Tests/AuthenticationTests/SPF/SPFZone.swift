import DNS
import MailTesting
import Testing
import Wire

/// A zone written as lines of a name, a type and a value; `FAIL` is a name that times out.
///
///     example.com TXT v=spf1 mx -all
///     example.com MX mail.example.com
func spfZone(_ text: String) throws -> ScriptedResolver {
  var scripts: [DomainName: [ScriptedResolver.Script]] = [:]
  for line in text.split(separator: "\n") {
    let fields = line.split(separator: " ", maxSplits: 2).map(String.init)
    let name = try DomainName(anyOctets: Array(fields[0].utf8))
    let value = fields.count > 2 ? fields[2] : ""
    scripts[name, default: []].append(try spfScript(fields[1], value))
  }
  return ScriptedResolver(scripts)
}

private func spfScript(_ type: String, _ value: String) throws -> ScriptedResolver.Script {
  switch type {
  case "TXT": return .records([.txt([Array(value.utf8)])])
  // Several records of one name: separated by bars.
  case "TXTS":
    return .records(value.split(separator: "|").map { .txt([Array($0.utf8)]) })
  case "A":
    return .records(try value.split(separator: " ").map { .a(try IPAddress(parsing: String($0))) })
  case "AAAA":
    return .records(
      try value.split(separator: " ").map { .aaaa(try IPAddress(parsing: String($0))) })
  case "MX":
    return .records(
      try value.split(separator: " ").enumerated().map {
        .mx(preference: UInt16($0), exchange: try spfName(String($1)))
      })
  case "PTR":
    return .records(try value.split(separator: " ").map { .ptr(try spfName(String($0))) })
  case "FAIL":
    return .failure(.timeout)
  default:
    Issue.record("unknown type \(type)")
    return .failure(.timeout)
  }
}

private func spfName(_ text: String) throws -> DomainName {
  text == "." ? .root : try DomainName(anyOctets: Array(text.utf8))
}
