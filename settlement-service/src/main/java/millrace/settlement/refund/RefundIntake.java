package millrace.settlement.refund;

import java.util.List;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.chain.Senders;
import org.springframework.stereotype.Component;

/// Takes refunds in, payers' and merchants', and hands each to the sender, once. The vault claims
/// what is owed and refunds a fixed amount in one call, so nothing the merchants earned can leave
/// with it.
@Component
public class RefundIntake {
  static final String KIND = "refund";
  private static final Gas GAS = new Gas.Estimated(500_000);

  private final KnownChannels channels;
  private final Refunds refunds;
  private final Senders senders;
  private final Outbox outbox;
  private final HubTerms terms;

  RefundIntake(
      KnownChannels channels, Refunds refunds, Senders senders, Outbox outbox, HubTerms terms) {
    this.channels = channels;
    this.refunds = refunds;
    this.senders = senders;
    this.outbox = outbox;
    this.terms = terms;
  }

  public void take(RefundAuthorized event) {
    var id = event.channelId();
    channels.add(List.of(new KnownChannel(id, event.config())));
    channels.lock(List.of(id));
    if (!refunds.add(event)) return;
    var row = new ClaimRow(event.config(), event.voucher(), event.totalClaimed());
    outbox.append(id.toString(), new VoucherPublished(id, event.voucher().voucher().ceiling()));
    senders
        .refunder()
        .submit(
            new TransactionRequest(
                Purpose.of(KIND, event.refundId().value()),
                terms.vault(),
                ContractCalls.refund(row, event.amount()),
                GAS));
  }
}
