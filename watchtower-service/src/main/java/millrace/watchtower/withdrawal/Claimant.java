package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.chain.ChainProperties;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.contract.ClaimCall;
import millrace.chain.contract.ClaimForms;
import millrace.chain.contract.ClaimRow;
import millrace.chain.rpc.BlockHeader;
import millrace.chain.rpc.Rpc;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.chain.sender.TransactionSender;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.voucher.GuardedVoucher;
import millrace.watchtower.voucher.VoucherStore;
import millrace.watchtower.withdrawal.Verdict.Exposed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Looks at withdrawals and claims where a payer could take what is owed. It needs nothing but the
/// tower's database and a node.
@Component
class Claimant {
  static final String PURPOSE = "tower-claim";

  private static final Logger LOG = LoggerFactory.getLogger(Claimant.class);

  private final Rpc rpc;
  private final ChannelReader reader;
  private final HubTerms hub;
  private final int confirmations;
  private final WatchtowerProperties properties;
  private final ClaimPlan plan;
  private final VoucherStore vouchers;
  private final WithdrawalStore withdrawals;
  private final ClaimStore claims;
  private final ClaimForms forms;
  private final TransactionSender sender;
  private final TransactionOperations transactions;
  private final Clock clock;

  Claimant(
      Rpc rpc,
      ChannelReader reader,
      HubTerms hub,
      ChainProperties chain,
      WatchtowerProperties properties,
      VoucherStore vouchers,
      WithdrawalStore withdrawals,
      ClaimStore claims,
      ClaimForms forms,
      TransactionSender sender,
      TransactionOperations transactions,
      Clock clock) {
    this.rpc = rpc;
    this.reader = reader;
    this.hub = hub;
    this.confirmations = chain.confirmations();
    this.properties = properties;
    this.plan = new ClaimPlan(properties.headStart(), properties.lookInterval());
    this.vouchers = vouchers;
    this.withdrawals = withdrawals;
    this.claims = claims;
    this.forms = forms;
    this.sender = sender;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// A withdrawal, the voucher against it, and what the chain says.
  private record Case(WatchedWithdrawal withdrawal, GuardedVoucher voucher, Verdict verdict) {
    ChannelId channelId() {
      return withdrawal.channelId();
    }
  }

  /// Looks at a page of withdrawals.
  ///
  /// @return whether there may be more to do at once
  boolean round() {
    var due = withdrawals.due(clock.instant(), properties.batchRows());
    if (due.isEmpty()) return false;
    forms.ask();
    var head = rpc.head();
    var settled = finalBlock(head);
    if (settled.isEmpty()) return false;
    var cases = examine(due, head, settled.get());
    var earlier = claims.of(cases.stream().map(Case::channelId).toList());
    transactions.executeWithoutResult(_ -> act(cases, earlier, head, settled.get()));
    return due.size() == properties.batchRows();
  }

  /// In order of channel: so does everybody who writes several notes at once.
  private List<Case> examine(List<WatchedWithdrawal> due, BlockHeader head, BlockHeader settled) {
    var held =
        vouchers.of(due.stream().map(WatchedWithdrawal::channelId).toList()).stream()
            .collect(Collectors.toMap(GuardedVoucher::channelId, Function.identity()));
    var keys = held.values().stream().map(Claimant::key).toList();
    var atHead = reader.states(keys, head.id());
    var atFinal = reader.states(keys, settled.id());
    return due.stream()
        .map(note -> examined(note, held, atHead, atFinal))
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(Case::channelId))
        .toList();
  }

  /// A voucher is never deleted, so it is there; if not, the withdrawal is none of ours.
  private static Optional<Case> examined(
      WatchedWithdrawal note,
      Map<ChannelId, GuardedVoucher> held,
      Map<ChannelId, ChainState> atHead,
      Map<ChannelId, ChainState> atFinal) {
    var channel = note.channelId();
    var voucher = held.get(channel);
    var head = atHead.get(channel);
    var settled = atFinal.get(channel);
    if (voucher == null || head == null || settled == null) return Optional.empty();
    var exposure = new Exposure(head, settled, voucher.charged(), note.seenBlock());
    return Optional.of(new Case(note, voucher, exposure.verdict()));
  }

  private static ChannelKey key(GuardedVoucher voucher) {
    return new ChannelKey(voucher.channelId(), voucher.config().withdrawDelaySeconds());
  }

  /// Empty when the node changed its mind between two questions.
  private Optional<BlockHeader> finalBlock(BlockHeader head) {
    if (confirmations == 1) return Optional.of(head);
    return rpc.block(Math.max(0, head.number() - confirmations + 1));
  }

  private void act(
      List<Case> cases,
      Map<ChannelId, List<ClaimStore.Earlier>> earlier,
      BlockHeader head,
      BlockHeader settled) {
    var now = clock.instant();
    var toClaim = new ArrayList<Case>();
    for (var c : cases) {
      var lookAt = lookAt(c, earlier.getOrDefault(c.channelId(), List.of()), head, now);
      boolean stands = withdrawals.judge(c.withdrawal(), c.verdict(), lookAt);
      if (!stands) continue;
      if (c.verdict() instanceof Verdict.Gone) {
        withdrawals.end(c.channelId(), settled.number(), now);
      } else if (c.verdict() instanceof Exposed && isNow(lookAt, now)) {
        toClaim.add(c);
      }
    }
    if (!toClaim.isEmpty()) claim(toClaim, now);
  }

  /// An exposed channel whose claim goes out now is due again at once; the claim, which is under
  /// way by then, sets the next time.
  private Optional<Instant> lookAt(
      Case c, List<ClaimStore.Earlier> earlier, BlockHeader head, Instant now) {
    return switch (c.verdict()) {
      case Verdict.Gone _, Verdict.Untouchable _, Verdict.Safe _ -> Optional.empty();
      case Verdict.Settling _ -> Optional.of(now.plus(properties.lookInterval()));
      case Exposed(var target) ->
          plan.waitUntil(
                  c.withdrawal(),
                  c.voucher().config().withdrawDelaySeconds(),
                  target,
                  earlier,
                  head.timestamp(),
                  now)
              .or(() -> Optional.of(now));
    };
  }

  private static boolean isNow(Optional<Instant> lookAt, Instant now) {
    return lookAt.equals(Optional.of(now));
  }

  private void claim(List<Case> cases, Instant now) {
    var rows = new ArrayList<ClaimRow>();
    var stored = new ArrayList<ClaimStore.Row>();
    for (var c : cases) {
      if (!(c.verdict() instanceof Exposed(var totalClaimed))) continue;
      var voucher = c.voucher();
      rows.add(new ClaimRow(voucher.config(), voucher.voucher(), totalClaimed));
      stored.add(
          new ClaimStore.Row(c.channelId(), voucher.voucher().voucher().ceiling(), totalClaimed));
    }
    long id = claims.add(stored, now);
    LOG.info("claim {} answers the withdrawals of {} channels", id, rows.size());
    var call = ClaimCall.of(forms.current(), rows);
    sender.submit(
        new TransactionRequest(
            Purpose.of(PURPOSE, id), hub.vault(), call.data(), new Gas.Fixed(call.gas())));
  }
}
