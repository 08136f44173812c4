/// HTTPS as policies come by it.
public enum HTTPS {}
