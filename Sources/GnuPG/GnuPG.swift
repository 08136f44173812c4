/// The verifier of GnuPG.
public enum GnuPG {}
