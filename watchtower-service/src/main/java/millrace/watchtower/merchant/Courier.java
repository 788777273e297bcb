package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Broadcast;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcFault;
import millrace.chain.sender.LocalSigner;
import millrace.chain.sender.TransactionCodec;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;

/// Sends to the vault and to nobody else, one transaction at a time. What it sends may be sent
/// twice without harm, so it keeps no journal but the nonce and the offer it has open, and goes by
/// what the chain says and never by what was sent.
final class Courier {
  /// What the vault's calls take, for nodes that do not estimate.
  private static final long USUAL_GAS = 500_000;

  private static final Duration RESEND = Duration.ofSeconds(5);

  /// A node that sees every transaction mined and nothing come of it lies or is very odd. It costs
  /// no more gas than this a day.
  private static final int MOST_PER_NODE_AND_DAY = 48;

  private static final Duration DAY = Duration.ofDays(1);

  private final Nodes nodes;
  private final Notebook book;
  private final LocalSigner signer;
  private final TransactionCodec codec;
  private final Address vault;
  private final BigInteger mostWei;
  private final Alarms alarms;
  private final Events events;
  private final Map<String, Integer> begun = new HashMap<>();
  private long dayBegan = System.nanoTime();
  private long sentAt = System.nanoTime() - RESEND.toNanos();

  Courier(
      Nodes nodes,
      Notebook book,
      SigningKey key,
      Terms terms,
      BigInteger mostWei,
      Alarms alarms,
      Events events) {
    this.nodes = nodes;
    this.book = book;
    this.signer = new LocalSigner(key);
    this.codec = new TransactionCodec(terms.chainId());
    this.vault = terms.vault();
    this.mostWei = mostWei;
    this.alarms = alarms;
    this.events = events;
  }

  Address account() {
    return signer.address();
  }

  /// @param sight of the node that asked for it
  void send(Nodes.Sight sight, String what, Bytes data, double shareOver) {
    var rpc = sight.node().rpc();
    var gas = gas(rpc, data);
    if (gas.isEmpty()) return;
    long nonce = rpc.transactionCount(account(), BlockRef.LATEST);
    var open = book.notes().attempt().filter(attempt -> attempt.nonce() == nonce);
    if (open.isEmpty() && !mayBegin(sight.node().host())) return;

    var suggested = rpc.suggestedFees();
    var affordable = rpc.balance(account()).divide(BigInteger.valueOf(gas.get()));
    var most = mostWei.min(affordable);
    boolean broke = rpc.head().baseFeeWei().compareTo(affordable) > 0 || affordable.signum() == 0;
    alarms.set(Alarm.OUT_OF_GAS, broke, account() + " cannot pay for gas, refill it");
    if (broke) return;

    boolean blockPassed = open.map(attempt -> sight.view().block() > attempt.block()).orElse(true);
    if (!blockPassed && System.nanoTime() - sentAt < RESEND.toNanos()) return;
    var fees =
        blockPassed
            ? Bid.next(open.map(Attempt::fees), suggested, shareOver, most)
            : open.get().fees();
    alarms.set(
        Alarm.AT_FEE_CAP,
        open.isPresent() && blockPassed && fees.equals(open.get().fees()),
        "the transaction already offers all it may, " + fees);
    offer(new Attempt(nonce, fees, sight.view().block()), what, data, gas.get(), open.isEmpty());
  }

  private void offer(Attempt attempt, String what, Bytes data, long gas, boolean isNew) {
    book.change(notes -> notes.sending(Optional.of(attempt)));
    var raw = codec.signed(signer, attempt.nonce(), vault, data, gas, attempt.fees());
    sentAt = System.nanoTime();
    var answer = nodes.send(raw);
    var details =
        Map.<String, Object>of(
            "nonce", attempt.nonce(), "max_fee_wei", attempt.fees().maxFeeWei(), "gas", gas);
    switch (answer.orElse(new Broadcast.Refused("no node was reached"))) {
      case Broadcast.Taken _ ->
          events.info("sent", what + (isNew ? " is sent" : " is sent again"), details);
      case Broadcast.NonceUsed _ -> {} // Mined, as the next look will show.
      case Broadcast.NoFunds(var message) -> alarms.set(Alarm.OUT_OF_GAS, true, message);
      case Broadcast.Refused(var message) ->
          events.info("not_taken", what + " was not taken: " + message, details);
    }
  }

  /// Empty when it would be reverted.
  private Optional<Long> gas(Rpc rpc, Bytes data) {
    try {
      long estimate = rpc.estimateGas(Call.from(account(), vault, data));
      alarms.set(Alarm.REFUSED, false, "");
      return Optional.of(estimate + estimate / 2);
    } catch (RpcFault fault) {
      if (!Rpc.isRevert(fault)) return Optional.of(USUAL_GAS);
      alarms.set(Alarm.REFUSED, true, "the vault would refuse: " + fault.getMessage());
      return Optional.empty();
    }
  }

  private boolean mayBegin(String host) {
    if (System.nanoTime() - dayBegan > DAY.toNanos()) {
      begun.clear();
      dayBegan = System.nanoTime();
    }
    int count = begun.merge(host, 1, Integer::sum);
    if (count == MOST_PER_NODE_AND_DAY + 1) {
      events.alarm("node_budget", host + " has cost enough gas for today", Map.of());
    }
    return count <= MOST_PER_NODE_AND_DAY;
  }
}
