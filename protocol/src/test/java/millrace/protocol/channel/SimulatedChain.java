package millrace.protocol.channel;

import static millrace.protocol.channel.Samples.amount;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.type.Amount;

/// One channel on a chain whose newest blocks may be taken back. Block `n` is element `n`.
final class SimulatedChain {
  private final List<Block> blocks = new ArrayList<>();
  private int newestFinal;

  /// @param refund what this block paid back, if it did
  record Block(ChainState state, Optional<RefundReserved> refund) {}

  SimulatedChain() {
    blocks.add(
        new Block(
            new ChainState(0, Amount.ZERO, Amount.ZERO, BigInteger.ZERO, Optional.empty()),
            Optional.empty()));
  }

  ChainState head() {
    return blocks.getLast().state();
  }

  ChainState finalState() {
    return blocks.get(newestFinal).state();
  }

  ChainState at(int block) {
    return blocks.get(block).state();
  }

  List<Block> finalizeUpTo(int block) {
    int from = newestFinal + 1;
    newestFinal = Math.max(newestFinal, Math.min(block, blocks.size() - 1));
    return List.copyOf(blocks.subList(Math.min(from, newestFinal + 1), newestFinal + 1));
  }

  void reorganise(int depth) {
    for (int i = 0; i < depth && blocks.size() - 1 > newestFinal; i++) blocks.removeLast();
  }

  boolean isMined(RefundReserved refund) {
    return blocks.stream()
        .anyMatch(block -> block.refund().filter(one -> isSame(one, refund)).isPresent());
  }

  /// Two refunds may say the same.
  @SuppressWarnings("ReferenceEquality")
  static boolean isSame(RefundReserved left, RefundReserved right) {
    return left == right;
  }

  void mineNothing() {
    mine(head().balance(), head().claimed(), head().refundNonce(), head().withdrawal());
  }

  void deposit(long units) {
    var balance = head().balance().plus(amount(units));
    mine(balance, head().claimed(), head().refundNonce(), head().withdrawal());
  }

  /// The contract caps a claim at the balance and skips one that is not higher.
  void claim(Amount total) {
    var claimed = head().claimed().max(total.min(head().balance()));
    mine(head().balance(), claimed, head().refundNonce(), head().withdrawal());
  }

  void initiateWithdrawal(Amount wanted) {
    var pending = new PendingWithdrawal(wanted, 0, head().block() + 1);
    var withdrawal = head().withdrawal().or(() -> Optional.of(pending));
    mine(head().balance(), head().claimed(), head().refundNonce(), withdrawal);
  }

  void finalizeWithdrawal() {
    var free = head().balance().minus(head().claimed());
    var taken = head().withdrawal().map(pending -> pending.amount().min(free));
    var balance = head().balance().minus(taken.orElse(Amount.ZERO));
    mine(balance, head().claimed(), head().refundNonce(), Optional.empty());
  }

  /// @return whether the vault could carry it out
  boolean refund(RefundReserved refund) {
    var claimed = head().claimed().max(refund.totalClaimed());
    if (claimed.exceeds(head().balance())) return false;
    if (refund.amount().exceeds(head().balance().minus(claimed))) return false;
    var balance = head().balance().minus(refund.amount());
    var nonce = head().refundNonce().add(BigInteger.ONE);
    var state = new ChainState(head().block() + 1, balance, claimed, nonce, head().withdrawal());
    blocks.add(new Block(state, Optional.of(refund)));
    return true;
  }

  private void mine(
      Amount balance, Amount claimed, BigInteger nonce, Optional<PendingWithdrawal> withdrawal) {
    var state = new ChainState(head().block() + 1, balance, claimed, nonce, withdrawal);
    blocks.add(new Block(state, Optional.empty()));
  }
}
