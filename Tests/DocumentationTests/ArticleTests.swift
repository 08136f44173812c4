import Authentication
import Mail
import Testing

@Suite("the code of the articles")
struct ArticleTests {
  // What is printed is what is compiled.
  @Test(arguments: Article.all.indices)
  func listings(index: Int) throws {
    let article = Article.all[index]
    let listings = try article.listings()
    #expect(!listings.isEmpty)
    #expect(try article.blocks("swift") == listings)
  }

  // As the article's title promises.
  @Test func twentyLines() throws {
    let listing = try #require(try Article.all[0].listings().first)
    #expect(listing.split(separator: "\n", omittingEmptySubsequences: false).count <= 20)
  }

  @Test func verifyAMessage() async throws {
    let verdict = try await verify(bankMessage, from: "192.0.2.3")
    #expect(verdict.dmarc.result == .pass)
    #expect(verdict.dkim.map(\.result) == [.pass])
    #expect(verdict.spf?.mailFrom.result == .pass)
    let output = summary(of: verdict).joined(separator: "\n")
    #expect(try Article.all[0].blocks("text") == [output])
  }

  @Test func readTheEvidence() async throws {
    let verdict = try await failingVerdict()
    #expect(verdict.dmarc.result == .fail)
    let outputs = [
      steps(of: verdict), reasons(for: verdict), addresses(of: verdict),
      diagnosis(of: changedMessage, verdict),
    ]
    let expected = outputs.map { $0.joined(separator: "\n") }
    #expect(try Article.all[1].blocks("text") == expected)
    // The output is worth reading: nothing is said twice, the change is named and proven.
    let found = try #require(
      MessageDiagnosis(of: Array(changedMessage.utf8), verdict, lineEnds: .bareLineFeed).dkim[0])
    #expect(found.isExplained)
    #expect(found.changes.map(\.change) == [.footerAppended])
  }

  // The reader of blocks, on which the others rest.
  @Test(arguments: [
    ("", []),
    ("```swift\n```", [""]),
    ("```swift\na\n\nb\n```\n```swift\nc\n```", ["a\n\nb", "c"]),
    // Another language, and a fence within text.
    ("```text\na\n```\nx ```swift\n", []),
  ])
  func cutting(text: String, blocks: [String]) throws {
    #expect(try Article.cut(text, from: "```swift", to: "```") == blocks)
  }
}
