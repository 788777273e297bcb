package millrace.watchtower.withdrawal;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.ClaimCall;
import millrace.chain.contract.ClaimForms;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.chain.sender.TransactionSender;
import millrace.chain.sender.Urgency;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Amount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Asks for the transactions that claim exposed channels, the most urgent first, each with its
/// deadline and what is at risk, which say how much it may offer.
@Component
class Claiming {
  static final String PURPOSE = "tower-claim";

  private static final Logger LOG = LoggerFactory.getLogger(Claiming.class);

  private final HubTerms hub;
  private final int mostRows;
  private final Worth worth;
  private final ClaimStore claims;
  private final ClaimForms forms;
  private final TransactionSender sender;

  Claiming(
      HubTerms hub,
      WatchtowerProperties properties,
      ClaimStore claims,
      ClaimForms forms,
      TransactionSender sender) {
    this.hub = hub;
    this.mostRows = properties.batchRows();
    this.worth = new Worth(properties.tokensPerEther(), hub.token().decimals());
    this.claims = claims;
    this.forms = forms;
    this.sender = sender;
  }

  /// In the caller's database transaction.
  void claim(List<ExposedCase> cases, BlockHeader head, Instant now) {
    var packing = new ClaimPacking(forms.current(), mostRows, ClaimPacking.MOST_GAS);
    for (var part : packing.pack(cases, head.timestamp().getEpochSecond(), head.gasLimit())) {
      submit(part, now);
    }
  }

  private void submit(List<ExposedCase> cases, Instant now) {
    long id = claims.add(cases.stream().map(Claiming::stored).toList(), now);
    var call = ClaimCall.of(forms.current(), cases.stream().map(ExposedCase::row).toList());
    var atRisk = cases.stream().map(ExposedCase::atRisk).reduce(Amount.ZERO, Amount::plus);
    LOG.info(
        "claim {} answers the withdrawals of {} channels, {} at risk", id, cases.size(), atRisk);
    sender.submit(
        new TransactionRequest(
            Purpose.of(PURPOSE, id),
            hub.vault(),
            call.data(),
            new Gas.Fixed(call.gas()),
            urgency(cases, worth)));
  }

  /// That of the row with the earliest deadline, for the money of all. Without a window there is
  /// nothing to wait for and nothing to climb.
  static Optional<Urgency> urgency(List<ExposedCase> cases, Worth worth) {
    var atRisk = cases.stream().map(ExposedCase::atRisk).reduce(Amount.ZERO, Amount::plus);
    var first = cases.stream().min(Comparator.comparingLong(ExposedCase::deadlineSeconds));
    return first
        .filter(c -> c.deadlineSeconds() > c.sinceSeconds())
        .map(
            c ->
                new Urgency(
                    Instant.ofEpochSecond(c.sinceSeconds()),
                    Instant.ofEpochSecond(c.deadlineSeconds()),
                    worth.inWei(atRisk)));
  }

  private static ClaimStore.Row stored(ExposedCase c) {
    var row = c.row();
    return new ClaimStore.Row(c.channelId(), row.voucher().voucher().ceiling(), row.totalClaimed());
  }
}
