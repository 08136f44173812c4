internal import Wire

/// A JSON value and where in the text it starts (RFC 8259 §3).
///
/// Not Foundation's decoder: that keeps one of two members of the same name and says nothing, so
/// that two readers of one signed file may see two policies, and it cannot point at an octet.
struct JSONNode: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits.
    case integer(Int64)
    /// Any other number, as written.
    case number(String)
    case string(String)
    case array([JSONNode])
    case object([Member])
  }

  struct Member: Hashable, Sendable {
    var name: String
    /// Where the name starts.
    var offset: Int
    var value: JSONNode
  }

  var value: Value
  var offset: Int
}

/// How much of a JSON text is read.
struct JSONBounds: Sendable {
  /// Octets of the whole text.
  var length: Int
  /// Arrays and objects inside each other.
  var depth: Int
}
