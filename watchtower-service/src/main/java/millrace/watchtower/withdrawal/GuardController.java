package millrace.watchtower.withdrawal;

import java.time.Instant;
import java.util.Optional;
import millrace.chain.follower.BlockFollower;
import millrace.chain.sender.TransactionSender;
import millrace.watchtower.voucher.VoucherStore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the tower guards, in a few numbers.
@RestController
class GuardController {
  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private final ClaimStore claims;
  private final BlockFollower follower;
  private final TransactionSender sender;

  GuardController(
      VoucherStore vouchers,
      WithdrawalStore withdrawals,
      ClaimStore claims,
      BlockFollower follower,
      TransactionSender sender) {
    this.vouchers = vouchers;
    this.withdrawals = withdrawals;
    this.claims = claims;
    this.follower = follower;
    this.sender = sender;
  }

  /// @param withdrawalsExposed where somebody could take what is owed, as of the last look
  /// @param stopped why the tower follows the chain no more, if so
  record GuardSummary(
      long vouchers,
      long withdrawalsSeen,
      long withdrawalsOpen,
      long withdrawalsAnswered,
      long withdrawalsExposed,
      long gasUsed,
      long headBlock,
      long finalBlock,
      Instant headSeenAt,
      String account,
      Optional<String> stopped) {}

  @GetMapping("/internal/guard")
  GuardSummary guard() {
    var counts = withdrawals.counts();
    var status = follower.status();
    return new GuardSummary(
        vouchers.count(),
        counts.seen(),
        counts.open(),
        counts.answered(),
        counts.exposed(),
        claims.gasUsed(),
        status.head(),
        status.finalBlock(),
        status.verifiedAt(),
        sender.address().toString(),
        status.stopped());
  }
}
