package millrace.watchtower.withdrawal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.chain.ChainProperties;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.contract.ChannelReader.Escrow;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Rpc;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.voucher.GuardedVoucher;
import millrace.watchtower.voucher.VoucherStore;
import org.springframework.stereotype.Component;

/// Reads of the contract's books what can be said of withdrawals.
@Component
class Examiner {
  private final HubTerms hub;
  private final int confirmations;
  private final VoucherStore vouchers;

  Examiner(HubTerms hub, ChainProperties chain, VoucherStore vouchers) {
    this.hub = hub;
    this.confirmations = chain.confirmations();
    this.vouchers = vouchers;
  }

  /// What one node, or several that agree, say.
  ///
  /// @param finalBlock up to which what is gone is gone
  record Findings(BlockHeader head, long finalBlock, List<Case> cases) {}

  /// The final block is only read for those that look good, which most of a mass exit do not.
  ///
  /// @return empty when the node changed its mind between two questions
  Optional<Findings> examine(Rpc rpc, List<WatchedWithdrawal> notes) {
    var head = rpc.head();
    var settled = finalBlock(rpc, head);
    if (settled.isEmpty()) return Optional.empty();
    var reader = new ChannelReader(rpc, hub.channels());
    var held =
        vouchers.of(notes.stream().map(WatchedWithdrawal::channelId).toList()).stream()
            .collect(Collectors.toMap(GuardedVoucher::channelId, Function.identity()));
    var atHead = reader.escrows(keys(held, notes), head.id());
    var cases = new ArrayList<Case>();
    var unsure = new ArrayList<WatchedWithdrawal>();
    for (var note : notes) {
      var found = examined(note, held, atHead, Map.of());
      if (found.filter(c -> c.verdict() instanceof Verdict.Settling).isPresent()) unsure.add(note);
      else found.ifPresent(cases::add);
    }
    var atFinal = reader.escrows(keys(held, unsure), settled.get().id());
    for (var note : unsure) examined(note, held, atHead, atFinal).ifPresent(cases::add);
    return Optional.of(new Findings(head, settled.get().number(), cases));
  }

  /// A voucher is never deleted, so it is there; if not, the withdrawal is none of ours.
  private static Optional<Case> examined(
      WatchedWithdrawal note,
      Map<ChannelId, GuardedVoucher> held,
      Map<ChannelId, Escrow> atHead,
      Map<ChannelId, Escrow> atFinal) {
    var channel = note.channelId();
    var voucher = held.get(channel);
    var head = atHead.get(channel);
    if (voucher == null || head == null) return Optional.empty();
    var settled = Optional.ofNullable(atFinal.get(channel));
    var exposure = new Exposure(head, settled, voucher.due(), note.seenBlock());
    return Optional.of(new Case(note, voucher, exposure.verdict()));
  }

  private static List<ChannelKey> keys(
      Map<ChannelId, GuardedVoucher> held, List<WatchedWithdrawal> notes) {
    var keys = new ArrayList<ChannelKey>();
    for (var note : notes) {
      var voucher = held.get(note.channelId());
      if (voucher == null) continue;
      keys.add(new ChannelKey(voucher.channelId(), voucher.config().withdrawDelaySeconds()));
    }
    return keys;
  }

  private Optional<BlockHeader> finalBlock(Rpc rpc, BlockHeader head) {
    if (confirmations == 1) return Optional.of(head);
    return rpc.block(Math.max(0, head.number() - confirmations + 1));
  }
}
