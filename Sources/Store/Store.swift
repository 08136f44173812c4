/// What must survive a crash.
public enum Store {}
