import MailTesting
import Testing

@Suite("help, version and completion")
struct HelpTests {
  @Test(arguments: [
    (["--help"], "SUBCOMMANDS:"), (["-h"], "SUBCOMMANDS:"), (["help"], "SUBCOMMANDS:"),
    ([], "SUBCOMMANDS:"), (["verify", "--help"], "--mail-from"),
    (["help", "verify"], "--mail-from"),
    (["verify", "-h"], "Exit status: 1 where DMARC"), (["help", "spf"], "USAGE: signet spf"),
    (["spf", "--help"], "Exit status: 1 for fail"), (["--version"], "0.1.0"),
    (["verify", "--version"], "0.1.0"),
  ])
  func isAnAnswer(arguments: [String], text: String) async throws {
    let scene = try CommandScene()
    let run = try await scene.signet(arguments)
    #expect(run.status == 0)
    #expect(run.text.contains(text))
    #expect(run.errors.isEmpty)
    #expect(run.text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  /// Every shell that is there reads its script without complaint.
  @Test(arguments: ["bash", "zsh", "fish"])
  func completion(shell: String) async throws {
    let scene = try CommandScene()
    let run = try await scene.shell(
      """
      "$signet" --generate-completion-script \(shell) > c || exit 9
      grep -q verify c || exit 8
      command -v \(shell) > /dev/null || exit 0
      \(shell) -n c
      """)
    #expect(run.status == 0)
    #expect(run.errors.isEmpty)
  }

  @Test func bashCompletesCommandsAndOptions() async throws {
    let scene = try CommandScene()
    let run = try await scene.shell(
      #"""
      eval "$("$signet" --generate-completion-script bash)"
      try() {
        COMP_WORDS=($1); COMP_LINE="$1"; COMP_POINT=${#1}; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMPREPLY=(); _signet signet "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"; echo "${COMPREPLY[@]}"
      }
      try "signet ver"; try "signet verify --mail"; try "signet verify --discovery p"
      """#)
    #expect(run.text == "verify\n--mail-from\npsl\n")
  }
}
