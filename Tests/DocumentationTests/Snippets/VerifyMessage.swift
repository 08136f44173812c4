// listing
import Authentication
import DNS
import Mail
import Wire

func verify(_ message: String, from client: String) async throws -> MessageVerdict {
  let resolver = ZoneResolver(zones: [try ZoneFile(parsing: bankZone)])
  var authenticator = MessageAuthenticator(resolver: resolver)
  authenticator.policy.lineEnds = .bareLineFeed
  let envelope = Envelope(
    client: try IPAddress(parsing: client), helo: Array("mail.bank.example".utf8),
    reversePath: Array("service@bank.example".utf8))
  return try await authenticator.authenticate(
    Array(message.utf8), envelope: envelope, now: 1_795_341_600)
}
// end

// listing
let bankZone = """
  $ORIGIN bank.example.
  @              SOA ns hostmaster 1 2h 1h 2w 5m
  @              TXT "v=spf1 ip4:192.0.2.0/24 -all"
  mail           TXT "v=spf1 a -all"
  mail           A   192.0.2.3
  _dmarc         TXT "v=DMARC1; p=reject"
  s1._domainkey  TXT "v=DKIM1; k=ed25519; p=wFbFsZw9udZSypEaCcQ24C4Y7sZ81Zn89RJwhbseZfM="
  """
// end

// listing
let bankMessage = """
  DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=bank.example;
   s=s1; t=1795341480;
   h=from:from:reply-to:subject:subject:to:to:cc:in-reply-to:references:
    mime-version:content-type:content-transfer-encoding:date:date:message-id:
    message-id; bh=5LT7dxdjJYBCcQE6JGUo07dyXqqTRpOBrEWXrIVYaBc=;
   b=Eag52cMQVIJuOxgsCI18HzVFyM3aGhJW2gFfo6Izt0EoJg2y7MyWC51E46ULcWHEm86gxpDe
    isHoNQxXjw2TBA==
  From: Bank Service <service@bank.example>
  To: Ann Customer <ann@customer.example>
  Subject: Your account statement
  Date: Sun, 22 Nov 2026 09:58:00 +0000
  Message-ID: <20261122095800.4711@bank.example>

  Dear Ann,

  your statement for November is ready.

  Your bank

  """
// end

// listing
func summary(of verdict: MessageVerdict) -> [String] {
  var lines = ["DMARC \(verdict.dmarc.result): \(verdict.dmarc.reason ?? "")"]
  if verdict.dmarc.result == .fail {
    lines.append("its owner wishes: \(verdict.dmarc.disposition)")
  }
  for signature in verdict.dkim {
    let domain = signature.signature?.signature.signingDomain.description ?? "unreadable"
    lines.append("DKIM \(signature.result): \(domain)")
  }
  if let check = verdict.spf?.mailFrom {
    lines.append("SPF \(check.result): \(check.domain?.description ?? "no domain")")
  }
  let field = verdict.authenticationResults(authservID: "mx.customer.example")
  return lines + ["Authentication-Results: " + field.fieldValue(folded: false)]
}
// end
