package millrace.channel.book;

import java.util.Optional;
import millrace.messaging.command.ChannelView;
import millrace.protocol.channel.Refusal;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.VerifiedVoucher;

/// What a payer that lost its state is told with a refusal, so that it can go on. It has proved to
/// hold a signature of the voucher key; a signature proves nothing once anybody can read it in
/// claim calldata, so then, and below what was claimed, no other signature is given for it.
///
/// @param newest the hub's newest voucher
public record Corrective(Optional<ChannelView> channel, Optional<SignedVoucher> newest) {
  private static final Corrective NOTHING = new Corrective(Optional.empty(), Optional.empty());

  public static Corrective of(ChannelRow row, VerifiedVoucher submitted, Refusal reason) {
    return switch (reason) {
      case CUMULATIVE_MISMATCH, BELOW_CLAIMED, BUSY ->
          new Corrective(
              Optional.of(row.view()), row.account().newest().filter(_ -> secret(row, submitted)));
      case STATE_LOST,
          NOT_FUNDED,
          WITHDRAWAL_PENDING,
          SHORTFALL,
          EXCEEDS_BALANCE,
          PRICE_ABOVE_LIMIT,
          TOWER_BEHIND,
          NO_RESERVATION,
          REFUND_NO_BALANCE,
          REFUND_AMOUNT_INVALID,
          REFUND_TOO_SOON ->
          NOTHING;
    };
  }

  private static boolean secret(ChannelRow row, VerifiedVoucher submitted) {
    var ceiling = submitted.ceiling();
    return ceiling.exceeds(row.account().claimed())
        && ceiling.exceeds(row.account().publishedCeiling());
  }
}
