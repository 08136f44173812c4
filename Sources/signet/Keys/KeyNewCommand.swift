import ArgumentParser
import Authentication
import Foundation
import Wire

struct KeyNewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a key pair: the private key to a file, its record to standard output.",
    discussion: """
      The file is named selector.domain.pem, readable by its owner alone; a file of that name is \
      never overwritten. Publish the record, run signet key check, and only then sign.
      """)

  enum KeyType: String, ExpressibleByArgument, CaseIterable {
    case rsa
    case ed25519
  }

  @Option(help: ArgumentHelp("The signing domain (d=).", valueName: "domain"))
  var domain: String

  @Option(
    help: ArgumentHelp(
      "The selector; made of server, date and a random part by default.", valueName: "selector"))
  var selector: String?

  @Option(help: ArgumentHelp("The server's name in the selector.", valueName: "name"))
  var server = ProcessInfo.processInfo.hostName

  @Option(help: "rsa, which every verifier knows, or ed25519 (RFC 8463).")
  var type = KeyType.rsa

  @Option(help: ArgumentHelp("Size of an RSA key: 2048, 3072 or 4096.", valueName: "bits"))
  var bits: Int?

  @Option(
    help: ArgumentHelp("Where the file is put; must be there.", valueName: "folder"),
    completion: .directory)
  var folder = "."

  @OptionGroup(title: "Record") var record: RecordOptions
  @OptionGroup(title: "Time") var clock: ClockOptions

  func validate() throws {
    guard bits == nil || type == .rsa else { throw ValidationError("--bits is for RSA keys") }
    guard bits.map([2048, 3072, 4096].contains) ?? true else {
      throw ValidationError("--bits must be 2048, 3072 or 4096")
    }
  }

  func run() async throws {
    var random = SystemRandomNumberGenerator()
    let selector =
      selector ?? Selector.make(server: server, moment: clock.moment, using: &random)
    let name = try KeyNameOptions.name(selector, of: domain)
    let key =
      switch type {
      case .ed25519: SigningKey.ed25519()
      case .rsa: try SigningKey.rsa(bits: bits ?? SigningKey.recommendedRSABits)
      }
    let path = URL(filePath: folder).appending(path: "\(selector).\(domain).pem").path
    do throws(KeyFile.Refusal) { try KeyFile.write(key, to: path) } catch {
      throw CommandFailure("\(path): \(error.reason)", .configuration)
    }
    Terminal.complain("private key written to \(path)")
    record.show(key.keyRecord, name)
  }
}
