package millrace.payer;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.Deposit;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.SettleResponse;

/// What a payer knows of a channel of its own. Every rule that keeps a lying hub from being owed
/// more than was bought is here, and none of it asks the network or the clock.
///
/// Always `charged <= unresolved <= signed`. The next voucher is for `charged` and a price, and the
/// hub can never claim more than `signed`, so what it can gain by lying is one price for each
/// request that was made.
///
/// @param charged what this side agrees to owe
/// @param unresolved the highest ceiling that was sent and may have been charged, for want of an
///     answer; equal to `charged` when there is none
/// @param signed the highest ceiling ever signed
/// @param balance what is locked, as far as it was confirmed
/// @param deposit an authorisation that was sent and not yet confirmed
/// @param withdrawing set once this side has announced to leave
public record PayerChannel(
    ChannelId id,
    Network network,
    ChannelConfig config,
    Amount charged,
    Amount unresolved,
    Amount signed,
    Amount balance,
    Optional<Deposit> deposit,
    boolean withdrawing) {
  public PayerChannel {
    if (charged.exceeds(unresolved) || unresolved.exceeds(signed)) {
      throw new IllegalArgumentException("charged <= unresolved <= signed does not hold");
    }
  }

  /// A channel of which nothing is known but what the chain says.
  static PayerChannel unknown(
      ChannelId id, Network network, ChannelConfig config, Amount claimed, Amount balance) {
    return new PayerChannel(
        id, network, config, claimed, claimed, claimed, balance, Optional.empty(), false);
  }

  public Amount available() {
    return balance.minusOrZero(charged);
  }

  Amount ceilingFor(Amount price) {
    return charged.plus(price);
  }

  /// To be stored before the voucher leaves.
  PayerChannel sending(Amount ceiling) {
    return with(charged, unresolved.max(ceiling), signed.max(ceiling), balance, deposit);
  }

  /// To be stored before the authorisation leaves.
  PayerChannel depositing(Deposit authorisation) {
    return with(charged, unresolved, signed, balance, Optional.of(authorisation));
  }

  /// The hub refused what was sent after `before`, so it has no claim to be owed it.
  PayerChannel refusedSince(PayerChannel before) {
    return with(before.charged, before.unresolved, signed, balance, deposit);
  }

  /// What a successful answer to a voucher of `charged + price` makes of the channel, or why it
  /// cannot be right.
  ///
  /// @param onItsWord whether a deposit counts because the hub says so, for want of a chain to ask
  Judgement settled(SettleResponse response, Amount price, boolean onItsWord) {
    var state = response.channelState();
    if (state.isEmpty()) return new Judgement.Doubted("the receipt has no channel state");
    var told = state.get();
    if (!told.channelId().equals(id)) {
      return new Judgement.Doubted("the receipt is for another channel");
    }
    var amount = response.chargedAmount();
    if (amount.isEmpty()) return new Judgement.Doubted("the receipt does not say what was charged");
    if (amount.get().exceeds(price)) {
      return new Judgement.Doubted("charged %s for a price of %s".formatted(amount.get(), price));
    }
    var settled = onItsWord && response.transaction().isPresent() ? deposited(told) : this;
    var cumulative = told.chargedCumulativeAmount();
    if (cumulative.equals(charged)) return new Judgement.Believed(settled);
    var owed = charged.plus(amount.get());
    if (!cumulative.equals(owed)) {
      return new Judgement.Doubted(
          "charged %s after %s, but says %s in all".formatted(amount.get(), charged, cumulative));
    }
    return new Judgement.Believed(
        settled.with(owed, owed, signed, settled.balance, settled.deposit));
  }

  private PayerChannel deposited(ChannelState told) {
    if (deposit.isEmpty()) return this;
    var grown = balance.plus(deposit.get().amount()).max(told.balance());
    return with(charged, unresolved, signed, grown, Optional.empty());
  }

  /// What a corrective answer makes of the channel. It is believed in what this side knows itself,
  /// in what the chain has recorded, and in what a voucher of this very key proves that was signed
  /// elsewhere: before a loss of state, or by another program with the same key.
  ///
  /// @param before the channel before the voucher to which this is the answer
  /// @param proven the ceiling of a voucher shown by the hub, its signature verified
  /// @param chain empty when there is no connection to one
  Judgement corrected(
      PayerChannel before,
      ChannelState told,
      Optional<Amount> proven,
      Optional<PayerChain.OnChain> chain) {
    var owed = told.chargedCumulativeAmount();
    if (!told.channelId().equals(id)) {
      return new Judgement.Doubted("the correction is for another channel");
    }
    if (chain.isPresent() && chain.get().claimed().exceeds(owed)) {
      return new Judgement.Doubted("the hub says it is owed less than it has claimed on chain");
    }
    boolean known = !owed.exceeds(before.unresolved);
    boolean recorded = chain.isPresent() && !owed.exceeds(chain.get().claimed());
    boolean signedElsewhere =
        proven.isPresent() && proven.get().exceeds(signed) && !owed.exceeds(proven.get());
    if (!known && !recorded && !signedElsewhere) {
      return new Judgement.Doubted(
          "the hub says it is owed %s, this side owes at most %s"
              .formatted(owed, before.unresolved));
    }
    var highest = signed.max(owed).max(proven.orElse(Amount.ZERO));
    var confirmed =
        with(owed, owed, highest, chain.map(PayerChain.OnChain::balance).orElse(balance), deposit);
    return new Judgement.Believed(confirmed.confirmedBy(told, balance, chain.isPresent()));
  }

  /// Without a chain a hub's word can raise the balance, which costs nothing, and never lower it,
  /// which would make this side deposit again and again.
  private PayerChannel confirmedBy(ChannelState told, Amount earlier, boolean onChain) {
    var now = onChain ? balance : earlier.max(told.balance());
    boolean landed = deposit.isPresent() && !earlier.plus(deposit.get().amount()).exceeds(now);
    return with(charged, unresolved, signed, now, landed ? Optional.empty() : deposit);
  }

  /// @param amount that went back to the payer
  PayerChannel refunded(Amount amount) {
    return with(charged, unresolved, signed, balance.minusOrZero(amount), deposit);
  }

  /// What the chain says holds, whoever said otherwise.
  PayerChannel seenOnChain(PayerChain.OnChain chain) {
    var owed = charged.max(chain.claimed());
    boolean landed =
        deposit.isPresent() && !balance.plus(deposit.get().amount()).exceeds(chain.balance());
    return new PayerChannel(
        id,
        network,
        config,
        owed,
        unresolved.max(owed),
        signed.max(owed),
        chain.balance(),
        landed ? Optional.empty() : deposit,
        chain.withdrawal().isPresent());
  }

  PayerChannel withdrawn(boolean announced) {
    return new PayerChannel(
        id, network, config, charged, unresolved, signed, balance, deposit, announced);
  }

  PayerChannel withoutDeposit() {
    return with(charged, unresolved, signed, balance, Optional.empty());
  }

  /// Whether the pending authorisation can no longer be used, with some room for clocks.
  boolean depositExpired(Instant now) {
    return deposit
        .filter(
            pending ->
                pending
                        .validBeforeSeconds()
                        .compareTo(BigInteger.valueOf(now.getEpochSecond() - CLOCK_ROOM_SECONDS))
                    < 0)
        .isPresent();
  }

  private static final long CLOCK_ROOM_SECONDS = 60;

  private PayerChannel with(
      Amount newCharged,
      Amount newUnresolved,
      Amount newSigned,
      Amount newBalance,
      Optional<Deposit> newDeposit) {
    return new PayerChannel(
        id,
        network,
        config,
        newCharged,
        newUnresolved,
        newSigned,
        newBalance,
        newDeposit,
        withdrawing);
  }
}
