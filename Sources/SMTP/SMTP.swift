/// SMTP over one connection (RFC 5321): `SMTPConnection` for those who want mail sent,
/// `ClientSession` for those who have their own sockets.
public enum SMTP {
  /// Where mail servers listen for other mail servers (RFC 5321 §4.5.4.2).
  public static let port: UInt16 = 25
  /// Where mail servers listen for mail users, with TLS from the start (RFC 8314 §7.3).
  public static let submissionsPort: UInt16 = 465
  /// Where mail servers listen for mail users (RFC 6409 §3.1).
  public static let submissionPort: UInt16 = 587
}
