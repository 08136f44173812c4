import ArgumentParser
import Authentication
import DNS
import Wire

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Show what signet finds in genuine and forged messages, offline.",
    discussion: """
      Made-up domains in a built-in zone; their keys and signatures are made on the spot. Nothing \
      is asked of the network.
      """)

  @Flag(help: "Leave out the evidence.")
  var brief = false

  func run() async throws {
    let domains = try DemoDomains()
    let world = DemoWorld(domains)
    var policy = AuthenticationPolicy()
    policy.trustedSealers = [domains.list.domain]
    let authenticator = MessageAuthenticator(resolver: try domains.resolver(), policy: policy)
    let scenes = try world.scenes()
    Terminal.say("signet demo: \(scenes.count) messages arrive at mx.customer.example\n")
    var summary: [String] = []
    for (number, scene) in zip(1..., scenes) {
      let verdict = try await authenticator.authenticate(
        scene.message, envelope: scene.envelope, now: DemoWorld.now)
      show(scene, number, verdict)
      let word = verdict.headlineWord.rawValue.padding(to: 11)
      summary.append("  \(number)  \(word)  \(scene.title)")
    }
    Terminal.say((["In short:"] + summary).joined(separator: "\n"))
  }

  private func show(_ scene: DemoScene, _ number: Int, _ verdict: MessageVerdict) {
    let title = Colour.bold.paint("\(number). \(scene.title)", if: Terminal.showsColour)
    let text = VerdictText(
      verdict: verdict, explains: !brief, showsColour: Terminal.showsColour)
    Terminal.say(([title, "  " + scene.story] + text.lines + [""]).joined(separator: "\n"))
  }
}
