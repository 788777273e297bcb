package millrace.chain.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.rpc.BlockId;
import millrace.chain.rpc.BlockRef;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Call;
import millrace.chain.rpc.CallResult;
import millrace.chain.rpc.Rpc;
import millrace.contracts.PaymentChannels;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// The channel contract's books. Everything about one channel is read at one block, by its hash:
/// balance and pending withdrawal of different blocks would not add up.
public final class ChannelReader {
  private final Rpc rpc;
  private final Address channels;

  public ChannelReader(Rpc rpc, Address channels) {
    this.rpc = rpc;
    this.channels = channels;
  }

  /// Names a channel together with the one of its terms that its state depends on.
  public record ChannelKey(ChannelId id, long withdrawDelaySeconds) {}

  /// What a receiver claimed in a token, and how much of it was sent to it.
  public record Earned(Amount totalClaimed, Amount totalSettled) {
    public Amount unsettled() {
      return totalClaimed.minusOrZero(totalSettled);
    }
  }

  /// What is in a channel and who is about to take it.
  public record Escrow(
      long block, Amount balance, Amount claimed, Optional<PendingWithdrawal> withdrawal) {}

  public ChainState state(ChannelKey channel, BlockId at) {
    return states(List.of(channel), at).values().iterator().next();
  }

  /// In the order asked for. A channel that never existed has an empty state.
  public Map<ChannelId, ChainState> states(Collection<ChannelKey> keys, BlockId at) {
    var calls = new ArrayList<Call>();
    for (var key : keys) {
      calls.addAll(escrowCalls(key.id()));
      calls.add(call(ContractCalls.encode(PaymentChannels.FUNC_REFUNDNONCE, word(key.id()))));
    }
    var results = rpc.callAll(calls, BlockRef.at(at.hash())).iterator();
    var states = new LinkedHashMap<ChannelId, ChainState>();
    for (var key : keys) {
      var escrow = escrow(key, at, results);
      var refundNonce = new AbiWords(results.next().returned()).number(0);
      states.put(
          key.id(),
          new ChainState(
              at.number(), escrow.balance(), escrow.claimed(), refundNonce, escrow.withdrawal()));
    }
    return states;
  }

  /// As [#states(Collection, BlockId)], for two thirds of the questions.
  public Map<ChannelId, Escrow> escrows(Collection<ChannelKey> keys, BlockId at) {
    var calls = keys.stream().flatMap(key -> escrowCalls(key.id()).stream()).toList();
    var results = rpc.callAll(calls, BlockRef.at(at.hash())).iterator();
    var escrows = new LinkedHashMap<ChannelId, Escrow>();
    for (var key : keys) escrows.put(key.id(), escrow(key, at, results));
    return escrows;
  }

  private List<Call> escrowCalls(ChannelId id) {
    return List.of(
        call(ContractCalls.encode(PaymentChannels.FUNC_CHANNELS, word(id))), pendingCall(id));
  }

  private static Escrow escrow(ChannelKey key, BlockId at, Iterator<CallResult> results) {
    var books = new AbiWords(results.next().returned());
    var pending = new AbiWords(results.next().returned());
    return new Escrow(at.number(), books.amount(0), books.amount(1), withdrawal(pending, key, at));
  }

  /// Which of the channels have a withdrawal pending, for a third of the questions.
  public Map<ChannelId, PendingWithdrawal> pending(Collection<ChannelKey> keys, BlockId at) {
    var calls = keys.stream().map(key -> pendingCall(key.id())).toList();
    var results = rpc.callAll(calls, BlockRef.at(at.hash())).iterator();
    var pending = new LinkedHashMap<ChannelId, PendingWithdrawal>();
    for (var key : keys) {
      withdrawal(new AbiWords(results.next().returned()), key, at)
          .ifPresent(found -> pending.put(key.id(), found));
    }
    return pending;
  }

  private Call pendingCall(ChannelId channel) {
    return call(ContractCalls.encode(PaymentChannels.FUNC_PENDINGWITHDRAWALS, word(channel)));
  }

  private static org.web3j.abi.datatypes.generated.Bytes32 word(ChannelId channel) {
    return new org.web3j.abi.datatypes.generated.Bytes32(channel.toArray());
  }

  public Earned earned(Address receiver, Address token, Bytes32 blockHash) {
    var data =
        ContractCalls.encode(
            PaymentChannels.FUNC_RECEIVERS,
            ContractCalls.address(receiver),
            ContractCalls.address(token));
    var words = new AbiWords(rpc.call(call(data), BlockRef.at(blockHash)).returned());
    return new Earned(words.amount(0), words.amount(1));
  }

  /// A pending withdrawal has a time; its amount alone would not tell it from none.
  private static Optional<PendingWithdrawal> withdrawal(
      AbiWords pending, ChannelKey key, BlockId at) {
    long initiatedAt = pending.seconds(1);
    if (initiatedAt == 0) return Optional.empty();
    return Optional.of(
        new PendingWithdrawal(
            pending.amount(0), initiatedAt + key.withdrawDelaySeconds(), at.number()));
  }

  private Call call(Bytes data) {
    return new Call(channels, data);
  }
}
