package millrace.settlement.deposit;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.TokenReader;
import millrace.chain.follower.BlockFollower;
import millrace.chain.follower.FollowedBlock;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.chain.Senders;
import millrace.settlement.chain.Worker;
import millrace.settlement.deposit.DepositSearch.Result;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Brings authorisations on chain. What counts is not our transaction but the authorisation's
/// nonce in a final block: used by a deposit into the channel, used by something else, or unused
/// and expired. Until one of these is certain the outcome stays open.
@Component
class DepositRelay implements Worker {
  static final String KIND = "deposit";
  private static final int BATCH = 100;

  private final Rpc rpc;
  private final BlockFollower follower;
  private final ChannelReader channelReader;
  private final TokenReader token;
  private final DepositSearch search;
  private final Deposits deposits;
  private final KnownChannels channels;
  private final Senders senders;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final HubTerms terms;
  private final DepositProperties properties;
  private final Clock clock;

  DepositRelay(
      Rpc rpc,
      BlockFollower follower,
      ChannelReader channelReader,
      TokenReader token,
      DepositSearch search,
      Deposits deposits,
      KnownChannels channels,
      Senders senders,
      Outbox outbox,
      TransactionTemplate transactions,
      HubTerms terms,
      DepositProperties properties,
      Clock clock) {
    this.rpc = rpc;
    this.follower = follower;
    this.channelReader = channelReader;
    this.token = token;
    this.search = search;
    this.deposits = deposits;
    this.channels = channels;
    this.senders = senders;
    this.outbox = outbox;
    this.transactions = transactions;
    this.terms = terms;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "deposit-relay";
  }

  @Override
  public boolean work() {
    var open = deposits.open(BATCH);
    var block = follower.finalBlock();
    if (open.isEmpty() || block.isEmpty()) return false;
    var authorizations = open.stream().map(Deposit::named).toList();
    var used = token.authorizationsUsed(authorizations, BlockRef.at(block.get().hash()));
    for (int i = 0; i < open.size(); i++) {
      if (used.get(i)) {
        recognise(open.get(i), block.get());
      } else if (open.get(i).expiredAt(block.get().timestamp())) {
        fail(open.get(i), DepositFailure.EXPIRED, "its validity ended unused");
      } else {
        advance(open.get(i));
      }
    }
    return false;
  }

  private void recognise(Deposit deposit, FollowedBlock block) {
    switch (search.search(deposit, block.number())) {
      case Result.Found found -> confirm(deposit, found, block);
      case Result.Elsewhere(var how) -> fail(deposit, DepositFailure.NONCE_USED_ELSEWHERE, how);
      case Result.Nothing _ -> waitForNews(deposit);
    }
  }

  /// The node may not have indexed the log yet, or may have been at fault for a while.
  private void waitForNews(Deposit deposit) {
    var now = clock.instant();
    var patience = properties.searchPatience();
    var latestBreak = now.minus(patience.dividedBy(2));
    var since = transactions.execute(_ -> deposits.unexplained(deposit.nonce(), latestBreak, now));
    if (since != null && since.plus(patience).isBefore(now)) {
      fail(deposit, DepositFailure.NONCE_USED_ELSEWHERE, "used long ago, or in a way of its own");
    }
  }

  private void confirm(Deposit deposit, Result.Found found, FollowedBlock block) {
    var id = deposit.channel().id();
    var after = channelReader.state(deposit.channel().key(), block.id());
    var event =
        new DepositConfirmed(id, deposit.nonce(), found.transaction(), found.amount(), after);
    transactions.executeWithoutResult(
        _ -> {
          channels.lock(List.of(id));
          if (deposits.end(
              deposit.nonce(),
              DepositState.CONFIRMED,
              deposit.detail(),
              Optional.of(found.transaction()),
              clock.instant())) {
            outbox.append(id.toString(), event);
          }
        });
  }

  /// Its nonce is unused in the final block. At the head it may be used already; then waiting is
  /// all there is to do.
  private void advance(Deposit deposit) {
    switch (deposit.state()) {
      case NEW -> {
        if (!usedAtHead(deposit)) relay(deposit);
      }
      case REFUSED -> {
        if (!usedAtHead(deposit)) {
          fail(deposit, DepositFailure.SIMULATION_FAILED, deposit.detail());
        }
      }
      case REVERTED -> {
        if (!usedAtHead(deposit)) {
          fail(deposit, DepositFailure.TRANSACTION_FAILED, deposit.detail());
        }
      }
      case RELAYING, CONFIRMED, FAILED -> {}
    }
  }

  private boolean usedAtHead(Deposit deposit) {
    return token.authorizationUsed(
        deposit.channel().config().payer(), deposit.nonce(), BlockRef.LATEST);
  }

  private void relay(Deposit deposit) {
    var head = rpc.head();
    if (channelReader.state(deposit.channel().key(), head.id()).withdrawal().isPresent()) {
      fail(deposit, DepositFailure.WITHDRAWAL_PENDING, "the payer is leaving the channel");
      return;
    }
    var funds = token.balanceOf(deposit.channel().config().payer(), BlockRef.at(head.hash()));
    if (deposit.amount().exceeds(funds)) {
      fail(deposit, DepositFailure.INSUFFICIENT_BALANCE, "the payer holds " + funds);
      return;
    }
    var calldata =
        ContractCalls.deposit(
            deposit.channel().config(),
            deposit.amount(),
            terms.collector(),
            deposit.authorization());
    var request =
        new TransactionRequest(
            Purpose.of(KIND, deposit.nonce()),
            terms.channels(),
            calldata,
            new Gas.Estimated(properties.gasCap()));
    transactions.executeWithoutResult(
        _ -> {
          if (deposits.move(deposit.nonce(), DepositState.NEW, DepositState.RELAYING, "")) {
            senders.claimer().submit(request);
          }
        });
  }

  private void fail(Deposit deposit, DepositFailure reason, String detail) {
    var id = deposit.channel().id();
    transactions.executeWithoutResult(
        _ -> {
          channels.lock(List.of(id));
          if (deposits.end(
              deposit.nonce(),
              DepositState.FAILED,
              reason + ": " + detail,
              Optional.empty(),
              clock.instant())) {
            outbox.append(id.toString(), new DepositFailed(id, deposit.nonce(), reason, detail));
          }
        });
  }
}
