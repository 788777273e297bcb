package millrace.bench.peer;

/// Where the peer keeps what its payers have signed.
public enum PeerStorage {
  /// The package's default. A restart loses everything.
  MEMORY,

  /// The package's `FileChannelStorage`: a file per channel, which nobody syncs.
  FILES
}
