import Authentication
import Testing
import Wire

@Suite("which keys sign for whom")
struct SigningTableTests {
  private static func table() throws -> SigningTable<String> {
    var table = SigningTable<String>()
    for pattern in [
      "example.com", "*.example.com", "*.eu.example.com", "a.eu.example.com", "*.test",
    ] {
      #expect(try table.insert(pattern, for: pattern))
    }
    return table
  }

  @Test(
    arguments: [
      ("example.com", "example.com"),
      ("EXAMPLE.com", "example.com"),
      ("b.example.com", "*.example.com"),
      ("c.b.example.com", "*.example.com"),
      ("eu.example.com", "*.example.com"),  // a wildcard is not the name it stands below
      ("b.eu.example.com", "*.eu.example.com"),  // the nearest
      ("a.eu.example.com", "a.eu.example.com"),  // the name itself first
      ("x.a.eu.example.com", "*.eu.example.com"),
      ("y.test", "*.test"),
      ("test", nil), ("notexample.com", nil), ("com", nil),
    ] as [(String, String?)])
  func entry(name: String, pattern: String?) throws {
    #expect(try Self.table().entry(for: try DomainName(parsing: name)) == pattern)
  }

  @Test(arguments: [".example.com", "*example.com", "**.example.com", "*.", "*", "", "a b", "a..b"])
  func refuses(pattern: String) {
    #expect(throws: SyntaxError.self) {
      var table = SigningTable<String>()
      _ = try table.insert("", for: pattern)
    }
  }

  @Test func theFirstStays() throws {
    var table = try Self.table()
    #expect(try !table.insert("new", for: "Example.com"))
    #expect(try !table.insert("new", for: "*.EXAMPLE.com"))
    #expect(table.entry(for: try DomainName(parsing: "example.com")) == "example.com")
  }
}
