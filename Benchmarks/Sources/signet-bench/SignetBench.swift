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

  @Option(help: "Only the work whose name holds this.")
  var only = ""

  @Option(help: "The executable whose jobs and memory are measured.")
  var signet = "../.build/release/signet"

  func validate() throws {
    guard messages > 0, rounds > 0 else {
      throw ValidationError("--messages and --rounds must be at least 1")
    }
  }

  func run() async throws {
    let corpus = try await Corpus(count: messages)
    print(
      "\(corpus.messages.count) messages, \(corpus.octets / corpus.messages.count) octets on "
        + "average, \(rounds) rounds, CPU time of the whole process\n")
    print("| work | µs a message | its floor | ratio |")
    print("|---|---|---|---|")
    for work in Work.allCases where only.isEmpty || work.rawValue.contains(only) {
      print(try await row(work, corpus))
    }
    if only.isEmpty { try measureProcesses(corpus) }
  }

  private func row(_ work: Work, _ corpus: Corpus) async throws -> String {
    var costs: [(own: Double, floor: Double)] = []
    for _ in 0..<rounds {
      let floor = try await CPUTime.spent { try work.runFloor(corpus) }
      let own = try await CPUTime.spent { try await work.run(corpus) }
      costs.append((own, floor))
    }
    let perMessage = 1e6 / Double(corpus.messages.count)
    let own = costs.map(\.own).sorted()[rounds / 2] * perMessage
    let floor = costs.map(\.floor).sorted()[rounds / 2] * perMessage
    let ratio = costs.map { $0.own / $0.floor }.sorted()[rounds / 2]
    return
      "| \(work.rawValue) | \(own.rounded(to: 1)) | \(floor.rounded(to: 1)) "
      + "| \(ratio.rounded(to: 2)) × |"
  }

  private func measureProcesses(_ corpus: Corpus) throws {
    let workplace = try Workplace()
    let rows = ProcessRows(
      signet: try Executable(path: signet), corpus: corpus, workplace: workplace, rounds: rounds)
    let answers = Result { "\n" + (try rows.jobs()) + "\n" + (try rows.memory()) }
    try workplace.remove()
    print(try answers.get())
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
