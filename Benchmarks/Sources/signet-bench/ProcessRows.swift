import Authentication
import Foundation
import Wire

/// What a process of `signet` takes: time with two jobs against one, and memory of a large message.
struct ProcessRows {
  let signet: Executable
  let corpus: Corpus
  let workplace: Workplace
  let rounds: Int

  private static let session = [
    "--ip", "192.0.2.9", "--helo", "client.bank.example", "--mail-from", "service@bank.example",
  ]

  /// The corpus as one mbox, verified with one job and with two, in turns; the shortest run of each
  /// counts, since other work on the machine only adds to it.
  func jobs() throws -> String {
    let arguments =
      ["verify", "--json", "--zone", try zoneFile(), "--now", "\(Corpus.now)"] + Self.session
    let mbox = try workplace.file(
      "corpus.mbox",
      corpus.messages.flatMap {
        Array("From a@b Sun Nov 22 10:00:00 2026\r\n".utf8) + $0.signed + [0x0D, 0x0A]
      })
    let output = try workplace.file("verdicts.jsonl", [])
    var runs: [Int: [Executable.Run]] = [:]
    for _ in 0..<rounds {
      for jobs in [1, 2] {
        runs[jobs, default: []].append(
          try signet.run(arguments + ["--jobs", "\(jobs)", mbox], output: output))
        try checkVerdicts(output)
      }
    }
    func least(_ jobs: Int, _ measure: KeyPath<Executable.Run, Double>) -> Double {
      runs[jobs, default: []].map { $0[keyPath: measure] }.min() ?? .nan
    }
    let (one, two) = (least(1, \.wall), least(2, \.wall))
    let (cpuOne, cpuTwo) = (least(1, \.cpu), least(2, \.cpu))
    return """
      `signet verify`, an mbox of \(corpus.messages.count) messages, the shortest of \(rounds) runs:

      | jobs | wall, s | CPU, s |
      |---|---|---|
      | 1 | \(one.rounded(to: 3)) | \(cpuOne.rounded(to: 2)) |
      | 2 | \(two.rounded(to: 3)) | \(cpuTwo.rounded(to: 2)) |
      | 1 / 2 | \((one / two).rounded(to: 2)) × | \((cpuOne / cpuTwo).rounded(to: 2)) × |

      """
  }

  /// Every message must have passed: else the figures mean nothing.
  private func checkVerdicts(_ path: String) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    let lines = try (file.readToEnd() ?? Data()).split(separator: 0x0A)
    let pass = Data(#""dkim_aligned":true"#.utf8)
    guard lines.count == corpus.messages.count, lines.allSatisfy({ $0.range(of: pass) != nil })
    else { throw Work.WrongResult() }
    try file.truncate(atOffset: 0)
  }

  /// How much more is resident at once than in a process that does nothing.
  func memory() throws -> String {
    let empty = try resident(["--version"])
    let key =
      "r._domainkey.\(corpus.domain)=\(try workplace.file("key.pem", Array(corpus.rsaPEM.utf8)))"
    let (unsigned, signed) = try largeMessage()
    let verify = try resident(
      ["verify", "--zone", try zoneFile(), "--now", "\(Corpus.now)"] + Self.session + [signed])
    let sign = try resident(["sign", "--key", key, "--now", "\(Corpus.now)", unsigned])
    func row(_ name: String, _ kibibytes: Double) -> String {
      "| \(name) | \((kibibytes / 1024).rounded(to: 1)) | \(((kibibytes - empty) / 1024).rounded(to: 1)) |"
    }
    return """
      A message of 100 MB, the median of \(rounds) runs:

      | process | resident, MiB | above the empty one |
      |---|---|---|
      \(row("`signet --version`", empty))
      \(row("`signet verify`", verify))
      \(row("`signet sign`", sign))

      """
  }

  private func resident(_ arguments: [String]) throws -> Double {
    try (0..<rounds).map { _ in try signet.run(arguments).resident }.sorted()[rounds / 2]
  }

  private func zoneFile() throws -> String {
    try workplace.file("corpus.zone", Array(corpus.zoneText.utf8))
  }

  private func largeMessage() throws -> (unsigned: String, signed: String) {
    var octets = corpus.messages.first?.unsigned ?? []
    let line = Array("Please look at the statement of your account before November ends.\r\n".utf8)
    octets.reserveCapacity(100_000_000 + line.count)
    while octets.count < 100_000_000 { octets += line }
    var signer = MessageSigner(
      [
        SignatureTemplate(
          domain: corpus.domain, selector: try DomainName(parsing: "r"), key: corpus.rsa)
      ], now: Corpus.now)
    try signer.read(octets[...])
    let unsigned = try workplace.file("unsigned.eml", octets)
    return (unsigned, try workplace.file("signed.eml", try signer.finish().fields + octets))
  }
}
