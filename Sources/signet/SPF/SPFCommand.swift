import ArgumentParser
import Authentication
import DNS
import Mail
import Wire

struct SPFCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spf",
    abstract: "Evaluate or expand a domain's SPF record.",
    usage: "signet spf [<options>] <domain>",
    discussion: """
      With --ip: may this client send for the domain? Without: the include tree, its look-ups and \
      every address it lists. Exit status: 1 for fail, softfail and permerror, or a record with \
      mistakes; 2 where DNS trouble leaves it open.
      """)

  @Argument(help: "The domain, or a reverse-path whose domain is meant.")
  var domain: String

  @OptionGroup(title: "Session") var session: SPFSessionOptions
  @OptionGroup(title: "DNS") var resolver: ResolverOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print every step of an evaluation.")
  var explain = false

  func run() async throws {
    let resolver = try resolver.makeResolver()
    let text = domain.lastIndex(of: "@").map { String(domain[$0...].dropFirst()) } ?? domain
    let name: DomainName
    do throws(SyntaxError) {
      name = try DomainName(parsing: text, finalDot: true)
    } catch {
      throw CommandFailure("\(domain): not a domain name: \(error)", .usage)
    }
    let status =
      if let client = try session.client() {
        try await evaluate(name, client, resolver)
      } else {
        try await expand(name, resolver)
      }
    try status.end()
  }

  private func evaluate(
    _ name: DomainName, _ client: IPAddress, _ resolver: SelectedResolver
  ) async throws -> ExitStatus {
    let path = domain.contains("@") ? domain : "postmaster@\(name)"
    let check = await SPFVerifier(resolver: resolver).check(
      .mailFrom, client: client, helo: Array((session.helo ?? "\(name)").utf8),
      mailFrom: Array(path.utf8), now: Int64(clamping: clock.moment.seconds))
    if json {
      Terminal.say(SPFReport(check, explains: explain).json.line())
    } else {
      Terminal.say(SPFReport(check, explains: explain).lines.joined(separator: "\n"))
    }
    return switch check.result {
    case .pass, .neutral, .none: .good
    case .fail, .softfail, .permerror: .bad
    case .temperror: .unknown
    }
  }

  private func expand(_ name: DomainName, _ resolver: SelectedResolver) async throws -> ExitStatus {
    let tree = await SPFExpander(resolver: resolver).expand(name)
    let report = SPFTreeReport(tree)
    Terminal.say(json ? report.json.line() : report.lines.joined(separator: "\n"))
    if tree.isIncomplete { return .unknown }
    return tree.lints.isEmpty && !tree.root.hasProblem ? .good : .bad
  }
}

extension SPFTreeRecord {
  /// Whether anything is wrong here or below.
  fileprivate var hasProblem: Bool {
    problem != nil || terms.contains { $0.problem != nil || $0.record?.hasProblem ?? false }
  }
}

/// The client to judge, if any.
struct SPFSessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Address of the SMTP client.", valueName: "address"))
  var ip: String?

  @Option(help: ArgumentHelp("What the client said in HELO or EHLO.", valueName: "name"))
  var helo: String?

  func validate() throws {
    if ip == nil, helo != nil { throw ValidationError("--helo says nothing without --ip") }
  }

  func client() throws -> IPAddress? {
    guard let ip else { return nil }
    guard let address = try? IPAddress(parsing: ip) else {
      throw CommandFailure("--ip \(ip): not an IP address", .usage)
    }
    return address
  }
}
