package millrace.settlement.claim;

import java.time.Clock;
import java.util.List;
import millrace.chain.contract.ClaimCall;
import millrace.chain.contract.ClaimForm;
import millrace.chain.contract.ClaimForms;
import millrace.chain.contract.ClaimRow;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.chain.Senders;
import org.springframework.stereotype.Component;

/// Turns rows into a batch that is stored, announced and handed to the sender, all in the caller's
/// transaction. The caller holds the locks of its channels.
@Component
class ClaimSending {
  static final String KIND = "claim";

  private final ClaimBatches batches;
  private final ClaimRows rows;
  private final Senders senders;
  private final ClaimForms forms;
  private final Outbox outbox;
  private final HubTerms terms;
  private final Clock clock;

  ClaimSending(
      ClaimBatches batches,
      ClaimRows rows,
      Senders senders,
      ClaimForms forms,
      Outbox outbox,
      HubTerms terms,
      Clock clock) {
    this.batches = batches;
    this.rows = rows;
    this.senders = senders;
    this.forms = forms;
    this.outbox = outbox;
    this.terms = terms;
    this.clock = clock;
  }

  /// The first of the rows, as many as fit into one transaction in the form that they would take.
  List<ClaimRow> fitting(List<ClaimRow> claims) {
    int most = ClaimForm.of(forms.current(), claims).mostRows();
    return claims.size() <= most ? claims : claims.subList(0, most);
  }

  /// A number for a batch of that many rows.
  long open(ClaimReason reason, int rowCount) {
    return batches.saveAndFlush(new ClaimBatch(reason, rowCount, clock.instant())).id();
  }

  /// From here on the vouchers' signatures must be taken for public.
  void send(long batch, List<ClaimRow> claims) {
    for (var row : claims) {
      rows.add(batch, row);
      var voucher = row.voucher().voucher();
      outbox.append(
          voucher.channelId().toString(),
          new VoucherPublished(voucher.channelId(), voucher.ceiling()));
    }
    var call = ClaimCall.of(forms.current(), claims);
    senders
        .claimer()
        .submit(
            new TransactionRequest(
                Purpose.of(KIND, batch), terms.vault(), call.data(), new Gas.Fixed(call.gas())));
  }
}
