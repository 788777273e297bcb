package millrace.settlement.claim;

/// Why a batch was sent.
public enum ClaimReason {
  /// A payer is leaving: only what is claimed is safe from that.
  WITHDRAWAL,
  /// Merchants wait for money that is still in channels.
  PAYOUT,
  /// More channels owe something than may wait.
  BACKLOG,
  VALUE,
  AGE,
  /// Half of a batch that failed.
  SPLIT
}
