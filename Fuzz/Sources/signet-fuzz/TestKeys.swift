import Authentication
import DNS
import Wire

/// Keys made for this program; they protect nothing.
enum TestKeys {
  static let all = [ed25519, rsa]

  static let ed25519 = key(
    """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIGG4D8GLglnUJz9Oy5RzjAxXxPqwHR1WjJCB99Aqe0vL
    -----END PRIVATE KEY-----
    """)

  static let rsa = key(
    """
    -----BEGIN RSA PRIVATE KEY-----
    MIICXQIBAAKBgQDY5Tl3bZhrrTO1xOnro1SfVPrdZgXibCrMUV4H5gza7KZIWKki
    nv+GKPps3yTt+3JxMuPJG6cdGR8Ytteelpz5Tb2VdeHLBA+Y+Rb9igIov/op0qVs
    eKNXnNamX5NykKBr2BEd84c/LfJcCNYmBGu8PMFIe4krg1QTStbI8KNRFwIDAQAB
    AoGAeRu1dNw7SZSS1SI4w5yVucoHsewvyPhBBYlBigOIlg2h46+t8Wj6oPzsqDIJ
    OuE2S8LwsfDA5VyLoo8l4qWSzBKfjjsQnCpyDympOn+BUUOpVmzIazdShvxffpZG
    L91pidv1knmm3w4ut9NaR6ge1831gzw8ieUEfcSc5gn32AECQQD1eZ+felr/e52G
    ewtX5IjDmghDfzuTgsavk9GYIfEczvzc/wx3lbrSoHkbJxMZ0aOGOrBDOAMgYEAF
    TuJuvfIBAkEA4jHnzMIUOiZALNwGgY9a+Ty7ejK9wwvJauoFcVI0vZWyC3yGipU9
    MHOwhF7Bo0U9S3f3HHY4T9LUAWNkc5yTFwJBAMsdvCrlv24vBwVDwvsTKudPCQ9w
    tAc26thVY9SSIURJMYpbsCEzT8cA6bTB/Fgc00Y6QacdLdkYS2EZCNvBaAECQQDN
    C3JWgiS15dDNGZNoRRyxzOUiS/cLZZbrrULLzDp1Fcs1cGfCHrE+R9Fe3Urph62d
    yR0gFubLLZHzxDbeOrR3AkA+59NBfr4zeW0YZzMZ/oLey8Ya//V8JTGho/05AYp5
    aK8KbzMypfsrcgNJicDgcb+bnrVZMX497Pl1kEzQxCcI
    -----END RSA PRIVATE KEY-----
    """)

  static let domain = Self.name("example.com")
  static let selector = Self.name("s1")
  static let rsaSelector = Self.name("rsa")
  static let keyName = Self.name("s1._domainkey.example.com")

  private static func key(_ pem: String) -> SigningKey {
    do { return try SigningKey(pem: pem + "\n") } catch { stop("test key: \(error)") }
  }

  private static func name(_ text: String) -> DomainName {
    do { return try DomainName(parsing: text) } catch { stop("test name: \(error)") }
  }
}

/// What DNS says of every domain: our key at each selector, a policy, an SPF record.
struct TestResolver: Resolver {
  func lookup(_ name: DomainName, _ type: RecordType) async throws(LookupFailure) -> Answer {
    let labels = name.labels.map(\.text)
    if labels.first == "timeout" { throw .timeout }
    if labels.first == "none" { return Answer(.noSuchName, expandedName: name) }
    guard type == .txt else { return Answer(.noData, expandedName: name) }
    let text =
      switch labels {
      case _ where labels.first == "_dmarc":
        "v=DMARC1; p=reject; sp=quarantine; adkim=s; rua=mailto:d@example.com"
      case _ where labels.dropFirst().first == "_domainkey":
        (labels.first == "rsa" ? TestKeys.rsa : TestKeys.ed25519).keyRecord
      default: "v=spf1 ip4:192.0.2.0/24 include:none.example -all"
      }
    return Answer(.records([.txt([Array(text.utf8)])]), expandedName: name)
  }
}
