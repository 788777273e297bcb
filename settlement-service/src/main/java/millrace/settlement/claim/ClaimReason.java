package millrace.settlement.claim;

/// Why a batch was sent.
public enum ClaimReason {
  /// A payer is leaving: only what is claimed is safe from that.
  WITHDRAWAL,
  /// Merchants wait for money that is still in channels.
  PAYOUT,
  VALUE,
  AGE,
  /// As many channels as fit into a transaction owe something.
  FULL,
  /// Half of a batch that failed.
  SPLIT
}
