import ArgumentParser
import DNS
import HTTPS
import Mail
import Transport
import Wire

struct TLSCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tls",
    abstract: "Decide what TLS mail to a destination needs.",
    usage: "signet tls [<options>] <destination> ...",
    discussion: """
      A destination is a mail domain, or what Postfix calls a next hop: [mx.example.com], \
      [192.0.2.1], example.com:2525. For each of its mail servers: DANE, else MTA-STS, else a \
      policy list, else opportunistic TLS. Nothing is connected to but DNS and policy hosts. Exit \
      status: 1 where mail cannot go, 2 where it has to wait.
      """)

  @Argument(help: "The destinations.")
  var destinations: [String]

  @OptionGroup(title: "Policies") var policies: TLSPolicyOptions
  @OptionGroup(title: "DNS") var resolver: ResolverOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  @Flag(help: "Print a JSON object a line.")
  var json = false

  @Flag(help: "Print every step of the decision.")
  var explain = false

  func run() async throws {
    let parsed = try destinations.map(Self.destination)
    let resolver = try resolver.makeResolver()
    if !resolver.isValidating {
      Terminal.complain("answers are not validated by DNSSEC: DANE IS OFF")
    }
    let now = clock.moment.seconds
    let decider = DeliveryDecider(
      resolver: resolver, policies: try policies.makeSource(resolver, now: now),
      policyList: try policies.makeList(now: now),
      options: try policies.deliveryOptions(
        validates: resolver.isValidating, for: parsed.map(\.name)))
    var status = ExitStatus.good
    for destination in parsed {
      let decision = await decider.decide(destination, message: policies.message, now: now)
      Terminal.say(
        json
          ? TLSDecisionJSON(decision, explains: explain).value.line()
          : TLSDecisionText(
            decision, explains: explain, showsColour: Terminal.showsColour
          ).lines.joined(separator: "\n"))
      status = .worst(status, decision.status)
    }
    try status.end()
  }

  private static func destination(_ text: String) throws -> DeliveryDestination {
    do throws(SyntaxError) { return try DeliveryDestination(parsing: text) } catch {
      throw CommandFailure("\(text): not a destination: \(error)", .usage)
    }
  }
}

extension DeliveryDecision {
  /// The exit status that tells this decision.
  var status: ExitStatus {
    switch outcome {
    case .hosts: .good
    case .deferred: .unknown
    case .undeliverable: .bad
    }
  }
}
