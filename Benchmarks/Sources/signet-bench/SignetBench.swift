import ArgumentParser
import Foundation

/// Measures Signet against the cryptography that it cannot do without, in one run.
@main
struct SignetBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signet-bench",
    abstract: "CPU time of verifying and signing, as ratios to their crypto floors.")

  @Option(help: "Messages in the corpus.")
  var messages = 5000

  @Option(help: "Rounds; the median counts.")
  var rounds = 5

  func run() async throws {
    let corpus = try Corpus(count: messages)
    print(
      "\(corpus.messages.count) messages, \(corpus.octets / corpus.messages.count) octets on "
        + "average, \(rounds) rounds, CPU time of the whole process\n")
    print("| work | µs a message | its floor | ratio |")
    print("|---|---|---|---|")
    for work in Work.allCases {
      var costs: [(own: Double, floor: Double)] = []
      for _ in 0..<rounds {
        let floor = try await CPUTime.spent { try work.runFloor(corpus) }
        let own = try await CPUTime.spent { try await work.run(corpus) }
        costs.append((own, floor))
      }
      let ratios = costs.map { $0.own / $0.floor }.sorted()
      let perMessage = 1e6 / Double(corpus.messages.count)
      let own = costs.map(\.own).sorted()[rounds / 2] * perMessage
      let floor = costs.map(\.floor).sorted()[rounds / 2] * perMessage
      print(
        "| \(work.rawValue) | \(own.rounded(to: 1)) | \(floor.rounded(to: 1)) "
          + "| \(ratios[rounds / 2].rounded(to: 2)) × |")
    }
  }
}

/// The CPU time of this process, all threads, user and system.
enum CPUTime {
  static func spent(_ work: () async throws -> Void) async rethrows -> Double {
    let before = clock()
    try await work()
    return Double(clock() - before) / Double(CLOCKS_PER_SEC)
  }
}

extension Double {
  func rounded(to places: Int) -> String { String(format: "%.\(places)f", self) }
}
