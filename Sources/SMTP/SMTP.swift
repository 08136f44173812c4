/// SMTP over one connection (RFC 5321).
public enum SMTP {
  /// Where mail servers listen for other mail servers (RFC 5321 §4.5.4.2).
  public static let port: UInt16 = 25
}
