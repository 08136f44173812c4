import ArgumentParser
import Authentication
import DNS
import Wire

struct KeyCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare a private key with its record in DNS.",
    discussion: """
      Exit status: 0 where verifiers will accept its signatures; 1 where the record is missing, \
      holds another key, is revoked, or cannot be used; 2 where DNS does not answer.
      """)

  @Argument(help: "The private key, in PEM.", completion: .file())
  var file: String

  @OptionGroup(title: "Name") var place: KeyNameOptions
  @OptionGroup(title: "Keys") var keyFiles: KeyFileOptions
  @OptionGroup(title: "DNS") var resolver: ResolverOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let name = try place.name()
    let key = try KeyFile.open(file, keyFiles.permissions)
    let finding = KeyFinding(
      name: name, key: key,
      publication: await .of(key, at: name, in: try resolver.makeResolver()))
    Terminal.say(json ? finding.json.line() : finding.lines.joined(separator: "\n"))
    try finding.status.end()
  }
}

/// What came of comparing a private key with DNS.
struct KeyFinding {
  let name: DomainName
  let key: SigningKey
  let publication: KeyPublication

  var status: ExitStatus {
    switch publication {
    case .matches: .good
    case .mismatch, .unusable: .bad
    case .unknown: .unknown
    }
  }

  /// In one word.
  var result: String {
    switch publication {
    case .matches: "match"
    case .mismatch: "mismatch"
    case .unusable(.keyNotFound): "missing"
    case .unusable(.keyRevoked): "revoked"
    case .unusable(.severalKeys): "several"
    case .unusable: "unusable"
    case .unknown: "unknown"
    }
  }

  private var reason: String? {
    switch publication {
    case .matches: nil
    case .mismatch: "the record holds another key"
    case .unusable(let failure): "\(failure)"
    case .unknown(let failure): "\(failure)"
    }
  }

  private var notes: [String] {
    var notes: [String] = []
    if case .matches(let record) = publication {
      if record.isTesting { notes.append("t=y: verifiers are told that this is a test") }
      if record.isStrict { notes.append("t=s: an identity (i=) must be at the domain itself") }
    }
    if key.isWeak { notes.append("RFC 8301 recommends 2048 bits or more") }
    return notes
  }

  var lines: [String] {
    let head = "\(name): \(result)" + (reason.map { ": \($0)" } ?? "") + " (\(key))"
    return [head] + notes.map { "  note: \($0)" }
  }

  var json: JSONValue {
    .object([
      "name": .string(name.description), "result": .string(result), "reason": JSONValue(reason),
      "key_type": .string(key.algorithm.keyType.rawValue), "key_bits": .number(key.bits),
      "notes": .array(notes.map(JSONValue.string)),
    ])
  }
}
