package millrace.messaging.command;

import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;

/// What the chain says at one final block, beside what settlement has kept of it; from
/// `GET /internal/books`.
public record BooksView(Address token, long block, OnChain chain, Kept kept) {
  /// @param held tokens of the vault
  /// @param owed credited to payees and not withdrawn
  /// @param credited ever
  /// @param claimed for the vault, ever
  /// @param settled claimed and moved into the vault, ever
  /// @param escrow tokens of the channel contract, other receivers' included
  /// @param announcedTake what the administrator may still take of free money
  public record OnChain(
      Amount held,
      Amount owed,
      Amount credited,
      Amount claimed,
      Amount settled,
      Amount escrow,
      Amount announcedTake) {}

  /// @param escrow of all channels as they were read, not claimed
  /// @param claimed of the same
  /// @param unreadChannels that have changed on chain since they were read
  /// @param promised to all payees, ever
  /// @param credited to the same, as it was read
  /// @param payoutsPaid ever
  /// @param payoutsOpen asked for, and neither paid nor failed
  /// @param claimedCredit claimed from channels beyond what is due of them: payers' credit
  /// @param answered claimed of channels whose payers left, as the watchtower said before the block
  /// @param answersRead of that, what the same channels were read to have claimed
  public record Kept(
      BigInteger escrow,
      BigInteger claimed,
      long unreadChannels,
      BigInteger promised,
      BigInteger credited,
      BigInteger payoutsPaid,
      BigInteger payoutsOpen,
      BigInteger claimedCredit,
      BigInteger answered,
      BigInteger answersRead) {}
}
