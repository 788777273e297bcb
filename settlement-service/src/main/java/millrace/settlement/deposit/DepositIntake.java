package millrace.settlement.deposit;

import java.util.List;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.TokenDomain;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.chain.KnownChannels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Takes authorised deposits in.
@Component
public class DepositIntake {
  private static final Logger LOG = LoggerFactory.getLogger(DepositIntake.class);

  private final HubTerms terms;
  private final KnownChannels channels;
  private final Deposits deposits;
  private final Outbox outbox;

  DepositIntake(HubTerms terms, KnownChannels channels, Deposits deposits, Outbox outbox) {
    this.terms = terms;
    this.channels = channels;
    this.deposits = deposits;
    this.outbox = outbox;
  }

  /// One that contradicts itself is answered and no gas spent on it.
  public void take(DepositAuthorized event) {
    if (!isConsistent(event)) {
      LOG.error("a deposit into {} does not fit its own terms or ours", event.channelId());
      outbox.append(
          event.channelId().toString(),
          new DepositFailed(
              event.channelId(),
              event.authorizationNonce(),
              DepositFailure.SIMULATION_FAILED,
              "channel, terms and nonce do not fit together"));
      return;
    }
    channels.add(List.of(new KnownChannel(event.channelId(), event.config())));
    deposits.add(event);
  }

  private boolean isConsistent(DepositAuthorized event) {
    return terms.match(event.config())
        && terms.domain().channelId(event.config()).equals(event.channelId())
        && TokenDomain.depositNonce(event.channelId(), event.salt())
            .equals(event.authorizationNonce())
        && !event.amount().isZero();
  }
}
