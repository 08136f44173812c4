import Mail
import MailTesting
import Testing
import Wire

@testable import Authentication

/// RFC 8617 appendix B, written from its text.
///
/// Its keys are not published (and of 512 bits), so no signature of it can be verified: what is
/// tested is what the fields say, and that the chain fails for the lack of a key and not before.
@Suite("example of RFC 8617 appendix B")
struct ARCExampleTests {
  private static let third = [
    """
    ARC-Seal: i=3; a=rsa-sha256; cv=pass; d=clochette.example.org; s=\r
            clochette; t=12345; b=CU87XzXlNlk5X/yW4l73UvPUcP9ivwYWxyBWcVrRs7\r
            +HPx3K05nJhny2fvymbReAmOA9GTH/y+k9kEc59hAKVg==
    """,
    """
    ARC-Message-Signature: i=3; a=rsa-sha256; c=relaxed/relaxed; d=\r
            clochette.example.org; h=message-id:date:from:to:subject; s=\r
            clochette; t=12345; bh=KWSe46TZKCcDbH4klJPo+tjk5LWJnVRlP5pvjXFZY\r
            LQ=; b=o71vwyLsK+Wm4cOSlirXoRwzEvi0vqIjd/2/GkYFYlSd/GGfKzkAgPqxf\r
            K7ccBMP7Zjb/mpeggswHjEMS8x5NQ==
    """,
    """
    ARC-Authentication-Results: i=3; clochette.example.org; spf=fail\r
        smtp.from=jqd@d1.example; dkim=fail (512-bit key)\r
        header.i=@d1.example; dmarc=fail; arc=pass (as.2.gmail.example=pass,\r
        ams.2.gmail.example=pass, as.1.lists.example.org=pass,\r
        ams.1.lists.example.org=fail (message has been altered))
    """,
    """
    Authentication-Results: clochette.example.org; spf=fail\r
        smtp.from=jqd@d1.example; dkim=fail (512-bit key)\r
        header.i=@d1.example; dmarc=fail; arc=pass (as.2.gmail.example=pass,\r
        ams.2.gmail.example=pass, as.1.lists.example.org=pass,\r
        ams.1.lists.example.org=fail (message has been altered))
    """,
  ]
  private static let second = [
    """
    ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=gmail.example; s=20120806; t=\r
            12345; b=Zpukh/kJL4Q7Kv391FKwTepgS56dgHIcdhhJZjsalhqkFIQQAJ4T9BE\r
            8jjLXWpRNuh81yqnT1/jHn086RwezGw==
    """,
    """
    ARC-Message-Signature: i=2; a=rsa-sha256; c=relaxed/relaxed; d=\r
            gmail.example; h=message-id:date:from:to:subject; s=20120806; t=\r
            12345; bh=KWSe46TZKCcDbH4klJPo+tjk5LWJnVRlP5pvjXFZYLQ=; b=CVoG44\r
            cVZvoSs2mMig2wwqPaJ4OZS5XGMCegWqQs1wvRZJS894tJM0xO1RJLgCPsBOxdA5\r
            9WSqI9s9DfyKDfWg==
    """,
    """
    ARC-Authentication-Results: i=2; gmail.example; spf=fail\r
        smtp.from=jqd@d1.example; dkim=fail (512-bit key)\r
        header.i=@example.org; dmarc=fail; arc=pass\r
        (as.1.lists.example.org=pass, ams.1.lists.example.org=pass)
    """,
  ]
  private static let first = [
    """
    ARC-Seal: i=1; a=rsa-sha256; cv=none; d=lists.example.org; s=dk-lists;\r
             t=12345; b=TlCCKzgk3TrAa+G77gYYO8Fxk4q/Ml0biqduZJeOYh6+0zhwQ8u/\r
            lHxLi21pxu347isLSuNtvIagIvAQna9a5A==
    """,
    """
    ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=\r
            lists.example.org; h=message-id:date:from:to:subject; s=\r
            dk-lists; t=12345; bh=KWSe46TZKCcDbH4klJPo+tjk5LWJnVRlP5pvjXFZYL\r
            Q=; b=DsoD3n3hiwlrN1ma8IZQFgZx8EDO7Wah3hUjIEsYKuShRKYB4LwGUiKD5Y\r
            yHgcIwGHhSc/4+ewYqHMWDnuFxiQ==
    """,
    """
    ARC-Authentication-Results: i=1; lists.example.org; spf=pass\r
        smtp.mfrom=jqd@d1.example; dkim=pass (512-bit key)\r
        header.i=@d1.example; dmarc=pass
    """,
  ]
  private static let original = [
    """
    DKIM-Signature: v=1; a=rsa-sha1; c=relaxed/relaxed; d=d1.example; h=\r
            message-id:date:from:to:subject; s=origin2015; bh=bIxxaeIQvmOBdT\r
            AitYfSNFgzPP4=; b=qKjd5fYibKXWWIcMKCgRYuo1vJ2fD+IAQPjX+uamXIGY2Q\r
            0HjQ+Lq3/yHzG3JHJp6780/nKQPOWt2UDJQrJkEA==
    """,
    "Message-ID: <54B84785.1060301@d1.example>", "Date: Thu, 14 Jan 2015 15:00:01 -0800",
    "From: John Q Doe <jqd@d1.example>", "To: arc@dmarc.example", "Subject: [List 2] Example 1",
  ]

  private static var letter: Letter {
    var letter = Letter(body: "Hey gang,\r\nThis is a test message.\r\n--J.\r\n")
    letter.fields = (third + second + first + original).map { Array($0.utf8) }
    return letter
  }

  @Test func structure() throws {
    let sets = try ARCSet.chain(in: MessageHeader(octets: Self.letter.header))
    #expect(sets.map(\.instance) == [1, 2, 3])
    #expect(sets.map(\.seal.chainStatus) == [.none, .pass, .pass])
    #expect(sets.map { "\($0.seal.selector)" } == ["dk-lists", "20120806", "clochette"])
    #expect(sets.map(\.seal.timestamp) == [12345, 12345, 12345])
    for set in sets {
      // Base 64 is broken over lines; 512 bits are 64 octets.
      #expect(set.seal.signature.count == 64)
      #expect(set.messageSignature.signature.count == 64)
      #expect(set.messageSignature.bodyHash.count == 32)
      #expect(
        set.messageSignature.signedFields == ["message-id", "date", "from", "to", "subject"])
      #expect(set.messageSignature.signingDomain == set.seal.sealingDomain)
    }
  }

  @Test func verdict() async throws {
    let verdict = try await MessageScene().authenticate(Self.letter)
    #expect(verdict.arc.result == .fail)
    #expect(verdict.arc.failure == .messageSignature(instance: 3, .keyNotFound))
    #expect(verdict.arc.oldestPass == nil)
    #expect(verdict.arc.instances == 3)
    #expect(
      verdict.arc.sealers.map { "\($0)" }
        == ["lists.example.org", "gmail.example", "clochette.example.org"])
    #expect(verdict.arc.lastSealer?.description == "clochette.example.org")
    #expect(verdict.arc.testimonies.map(\.instance) == [1, 2, 3])
    let last = try #require(verdict.arc.testimonies.last)
    #expect(last.text.hasPrefix("clochette.example.org; spf=fail    smtp.from=jqd@d1.example;"))
    // What the sealers say can be read as RFC 8601 has it.
    let words = try verdict.arc.testimonies.map { testimony in
      try AuthenticationResults(parsing: testimony.text.utf8).results.map {
        "\($0.method)=\($0.result)"
      }
    }
    #expect(words[0] == ["spf=pass", "dkim=pass", "dmarc=pass"])
    #expect(words[2] == ["spf=fail", "dkim=fail", "dmarc=fail", "arc=pass"])
    // The author's own signature is of RFC 8301's past.
    #expect(verdict.dkim.map(\.failure) == [.sha1])
  }

  /// Keys of 512 bits, had they been published, would not do (RFC 8301 §3.2).
  @Test func keysTooSmall() async throws {
    let key =
      "v=DKIM1; p=MEgCQQClpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWl"
      + "paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWnAgMBAAE="
    let verdict = try await MessageScene(["clochette._domainkey.clochette.example.org": [key]])
      .authenticate(Self.letter)
    #expect(verdict.arc.failure == .messageSignature(instance: 3, .keyTooSmall(bits: 512)))
  }
}
