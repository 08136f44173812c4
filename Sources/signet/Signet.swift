import ArgumentParser
import Foundation

/// `signet`: arguments, configuration, wiring; nothing else.
@main
struct Signet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signet",
    abstract: "Email that can be trusted: who is a message really from?",
    discussion: """
      Exit status: 0 good; 1 the answer is bad (a failed verdict); 2 could not tell (DNS or \
      network trouble); 64 wrong usage; 65 unreadable input; 74 the answer could not be written; \
      78 bad configuration.
      """,
    version: "0.1.0",
    subcommands: [
      VerifyCommand.self, SignCommand.self, SealCommand.self, KeyCommand.self, SPFCommand.self,
      TLSCommand.self, DemoCommand.self,
    ])

  static func main() async {
    StandardStream.prepare()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      Terminal.complain(failure.message)
      Foundation.exit(failure.status.rawValue)
    } catch {
      leave(error)
    }
  }

  /// Help and version as the parser prints them; of a mistake one line that names it.
  private static func leave(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    guard !code.isSuccess, !(error is ExitCode) else { exit(withError: error) }
    let message = message(for: error).split(separator: "\n").first ?? "wrong usage"
    Terminal.complain("\(message) (see \(helpCommand(for: error)))")
    Foundation.exit(ExitStatus.usage.rawValue)
  }

  /// `signet verify --help`, as the parser names it for the command that was meant.
  private static func helpCommand(for error: any Error) -> String {
    let quoted = fullMessage(for: error).firstMatch(of: /See '([^']*--help)'/)?.output.1
    return quoted.map(String.init) ?? "signet --help"
  }
}
