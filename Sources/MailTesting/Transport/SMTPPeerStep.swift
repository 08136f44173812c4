/// One thing that a scripted mail server does.
public enum SMTPPeerStep: Sendable {
  /// Sends octets as they are, in one segment: line ends are the script's.
  case send(String)
  /// The same for octets that are no text.
  case sendOctets([UInt8])
  /// Sends one octet at a time.
  case sendSlowly(String, every: Duration)
  /// Sends the same again and again until the connection ends.
  case flood(String)
  /// Reads a message up to its dot.
  case readContent
  /// Reads so many octets, as BDAT announces them.
  case readOctets(Int)
  /// Begins TLS; what has been read in plaintext and not been looked at is dropped.
  case startTLS
  /// Never does anything again; the connection stays.
  case stall
  /// Reads nothing more either, so that what is sent piles up.
  case stopReading
  case close
}
