package millrace.channel.deposit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.book.ChannelFact;
import millrace.channel.book.ChannelRow;
import millrace.channel.book.ChannelRows;
import millrace.channel.book.Exposures;
import millrace.messaging.command.ExposureView;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.protocol.channel.EarlyCredit;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.Input.EarlyCreditGranted;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Lets payments use deposits that are mined and not final, as far as the operator is ready to lose
/// them: so much for one payer, and so much in all. A deposit that a reorganisation removed leaves
/// what was spent of it as a shortfall, which goes on counting.
@Component
public class EarlyCredits {
  private static final int PAYERS_SHOWN = 50;

  private final DepositProperties properties;
  private final ChannelRows channels;
  private final Exposures exposures;
  private final DepositRows deposits;
  private final Address token;

  EarlyCredits(
      DepositProperties properties,
      ChannelRows channels,
      Exposures exposures,
      DepositRows deposits,
      HubTerms terms,
      MeterRegistry metrics) {
    this.properties = properties;
    this.channels = channels;
    this.exposures = exposures;
    this.deposits = deposits;
    this.token = terms.token().address();
    Gauge.builder("millrace.channel.deposit.exposure", () -> exposures.used().units().doubleValue())
        .description("base units taken for deposits that are not final, or missing since")
        .register(metrics);
    Gauge.builder(
            "millrace.channel.deposit.exposure.limit",
            () -> properties.earlyTotal().units().doubleValue())
        .description("base units that may be taken for deposits that are not final")
        .register(metrics);
  }

  ExposureView view() {
    return new ExposureView(
        token,
        properties.earlyPerPayer(),
        properties.earlyTotal(),
        exposures.used(),
        exposures.most(PAYERS_SHOWN));
  }

  /// What the channels are to be told. The caller has locked them.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<ChannelFact> granted(List<DepositSeen> news) {
    if (news.isEmpty() || properties.earlyTotal().isZero()) return List.of();
    exposures.exclude();
    var grants = new Grants();
    var facts = new ArrayList<ChannelFact>();
    for (var seen : news) {
      channels
          .find(seen.channelId())
          .filter(row -> isEligible(row, seen))
          .flatMap(row -> grants.grant(row, seen))
          .ifPresent(facts::add);
    }
    return facts;
  }

  /// Only the first money of a channel that we do not know yet: more may be a history that we have
  /// lost.
  private static boolean isEligible(ChannelRow row, DepositSeen seen) {
    var account = row.account();
    return !(row.channel() instanceof Withdrawing)
        && !(row.channel() instanceof Lost)
        && account.early().isEmpty()
        && seen.block() > account.seenBlock()
        && (!account.isUntouched() || seen.balance().equals(seen.amount()));
  }

  /// What is granted in one transaction, before it is written.
  private final class Grants {
    private final Map<Address, Amount> byPayer = new HashMap<>();
    private Amount total = exposures.used();

    Optional<ChannelFact> grant(ChannelRow row, DepositSeen seen) {
      var payer = row.config().payer();
      var ofPayer = byPayer.computeIfAbsent(payer, exposures::used);
      var amount =
          seen.amount()
              .min(properties.earlyPerPayer().minusOrZero(ofPayer))
              .min(properties.earlyTotal().minusOrZero(total));
      if (amount.isZero()) return Optional.empty();
      byPayer.put(payer, ofPayer.plus(amount));
      total = total.plus(amount);
      if (amount.equals(seen.amount())) deposits.creditEarly(seen);
      var credit = new EarlyCredit(amount, seen.block());
      return Optional.of(new ChannelFact(row.id(), new EarlyCreditGranted(credit)));
    }
  }
}
