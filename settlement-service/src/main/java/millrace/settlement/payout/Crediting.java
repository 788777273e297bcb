package millrace.settlement.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.CreditForm;
import millrace.chain.contract.PromisedTotal;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.settlement.chain.Senders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Has the vault credit payees, one batch after the other: what the last one did must stand in the
/// block that is read before the next.
@Component
class Crediting {
  static final String KIND = "credit";
  private static final Logger LOG = LoggerFactory.getLogger(Crediting.class);

  /// What could not be credited is not tried again at once: each try costs gas.
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final CreditBatches batches;
  private final Senders senders;
  private final HubTerms terms;
  private final Address token;
  private final Clock clock;

  Crediting(CreditBatches batches, Senders senders, HubTerms terms, Clock clock) {
    this.batches = batches;
    this.senders = senders;
    this.terms = terms;
    this.token = terms.token().address();
    this.clock = clock;
  }

  boolean isIdle(FollowedBlock block) {
    var last = batches.findFirstByTokenOrderByIdDesc(token);
    if (last.isEmpty()) return true;
    if (last.get().isSending()) return false;
    return last.get().block().map(mined -> mined <= block.number()).orElse(true);
  }

  boolean isRested() {
    return batches
        .findFirstByTokenOrderByIdDesc(token)
        .map(last -> last.changedAt().plus(PAUSE).isBefore(clock.instant()))
        .orElse(true);
  }

  /// Of the newest batch that came through.
  Optional<Bytes32> lastTransaction() {
    return batches
        .findFirstByTokenAndStateOrderByIdDesc(token, CreditBatch.State.CONFIRMED)
        .flatMap(CreditBatch::transaction);
  }

  void send(List<PromisedTotal> credits, CreditForm form) {
    int count = credits.size();
    var batch = batches.saveAndFlush(new CreditBatch(token, count, clock.instant()));
    senders
        .promiser()
        .submit(
            new TransactionRequest(
                Purpose.of(KIND, batch.id()),
                terms.vault(),
                ContractCalls.credit(token, credits, form.pushes()),
                new Gas.Fixed(form.gas(count))));
    LOG.info("credit {} to {} payees", batch.id(), count);
  }
}
