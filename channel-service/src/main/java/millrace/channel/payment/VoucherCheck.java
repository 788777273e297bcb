package millrace.channel.payment;

import static millrace.messaging.command.RefusalReason.TERMS_MISMATCH;
import static millrace.messaging.command.RefusalReason.VOUCHER_SIGNATURE;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.payment.Checked.Asked;
import millrace.channel.payment.Checked.Denied;
import millrace.channel.payment.Checked.ToCapture;
import millrace.channel.payment.Checked.ToRelease;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Capture;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentCommand.Hold;
import millrace.messaging.command.PaymentCommand.Release;
import millrace.messaging.command.PaymentCommand.Reserve;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.HubTerms;
import org.springframework.stereotype.Component;

/// Proves vouchers genuine, over all cores and before any lock is taken: the costliest part of a
/// payment needs nothing that others wait for.
@Component
class VoucherCheck {
  private final HubTerms terms;
  private final ChannelsDomain domain;

  VoucherCheck(HubTerms terms) {
    this.terms = terms;
    this.domain = terms.domain();
  }

  /// In the order of the commands.
  List<Checked> check(List<PaymentCommand> commands) {
    return commands.parallelStream().map(this::check).toList();
  }

  private Checked check(PaymentCommand command) {
    return switch (command) {
      case Charge(var request) -> check(request, Optional.empty(), false);
      case Reserve(var request, var expiresAt) -> check(request, Optional.of(expiresAt), false);
      case Hold(var request, var expiresAt) -> check(request, Optional.of(expiresAt), true);
      case Capture capture -> new ToCapture(capture);
      case Release release -> new ToRelease(release);
    };
  }

  private Checked check(PaymentRequest request, Optional<Instant> expiresAt, boolean manual) {
    var config = request.config();
    var signed = request.voucher();
    // The contract has no way to say nothing: a ceiling advances by at least one base unit.
    if (request.price().isZero()
        || !terms.match(config)
        || !domain.channelId(config).equals(signed.voucher().channelId())) {
      return new Denied(TERMS_MISMATCH);
    }
    return domain
        .verify(signed, config.payerAuthorizer())
        .<Checked>map(voucher -> new Asked(request, voucher, expiresAt, manual))
        .orElseGet(() -> new Denied(VOUCHER_SIGNATURE));
  }
}
