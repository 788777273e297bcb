package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.chain.contract.ClaimForms;
import millrace.chain.contract.ClaimRow;
import millrace.chain.rpc.BlockHeader;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.withdrawal.Examiner.Findings;
import millrace.watchtower.withdrawal.Verdict.Exposed;
import millrace.watchtower.withdrawal.WithdrawalStore.Judgement;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Looks at withdrawals and claims where a payer could take what is owed. It needs nothing but the
/// tower's database and a node.
@Component
class Claimant {
  /// What is looked at together: of a mass exit so many are ordered by what is at risk.
  static final int PAGE = 2_000;

  /// Newly seen ones wait no longer than these take.
  static final int PAGE_AGAIN = 200;

  private final Witnesses witnesses;
  private final WatchtowerProperties properties;
  private final ClaimPlan plan;
  private final WithdrawalStore withdrawals;
  private final ClaimStore claims;
  private final ClaimForms forms;
  private final Claiming claiming;
  private final TransactionOperations transactions;
  private final Clock clock;

  Claimant(
      Witnesses witnesses,
      WatchtowerProperties properties,
      WithdrawalStore withdrawals,
      ClaimStore claims,
      ClaimForms forms,
      Claiming claiming,
      TransactionOperations transactions,
      Clock clock) {
    this.witnesses = witnesses;
    this.properties = properties;
    this.plan = new ClaimPlan(properties.headStart(), properties.lookInterval());
    this.withdrawals = withdrawals;
    this.claims = claims;
    this.forms = forms;
    this.claiming = claiming;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// Looks at withdrawals: first at those that nobody has looked at, however many others there are
  /// to look at again.
  ///
  /// @return whether there may be more to do at once
  boolean round() {
    witnesses.noteWhatAnyTells();
    boolean more = look(withdrawals.unknown(clock.instant(), PAGE), PAGE);
    var newest = witnesses.newestBlock();
    more |= look(withdrawals.again(clock.instant(), newest, PAGE_AGAIN), PAGE_AGAIN);
    return more;
  }

  private boolean look(List<WatchedWithdrawal> due, int page) {
    if (due.isEmpty()) return false;
    forms.ask();
    var findings = witnesses.examine(due);
    if (findings.isEmpty()) return false;
    var channels = findings.get().cases().stream().map(Case::channelId).toList();
    var earlier = claims.of(channels);
    transactions.executeWithoutResult(_ -> act(findings.get(), earlier));
    return due.size() == page;
  }

  private void act(Findings findings, Map<ChannelId, List<ClaimStore.Earlier>> earlier) {
    var now = clock.instant();
    var toClaim = new HashMap<ChannelId, ExposedCase>();
    var judgements = new ArrayList<Judgement>();
    for (var c : findings.cases()) {
      var next =
          switch (c.verdict()) {
            case Verdict.Gone _, Verdict.Untouchable _, Verdict.Safe _ -> Optional.<Look>empty();
            case Verdict.Settling _ -> Optional.of(settling(c, findings, now));
            case Exposed exposed -> {
              var before = earlier.getOrDefault(c.channelId(), List.of());
              var wait = wait(c, exposed, before, findings.head(), now);
              if (wait.isEmpty()) toClaim.put(c.channelId(), exposed(c, exposed));
              yield wait.or(() -> Optional.of(plan.underWay(findings.head(), now)));
            }
          };
      judgements.add(new Judgement(c.withdrawal(), c.verdict(), next));
    }
    var standing = withdrawals.judge(judgements);
    var gone = new ArrayList<ChannelId>();
    for (var c : findings.cases()) {
      boolean ended = c.verdict() instanceof Verdict.Gone && standing.contains(c.channelId());
      if (ended) gone.add(c.channelId());
    }
    toClaim.keySet().retainAll(standing);
    if (!gone.isEmpty()) withdrawals.end(gone, findings.finalBlock(), now);
    if (!toClaim.isEmpty()) {
      claiming.claim(List.copyOf(toClaim.values()), findings.head(), now);
    }
  }

  private Optional<Look> wait(
      Case c, Exposed exposed, List<ClaimStore.Earlier> earlier, BlockHeader head, Instant now) {
    long delaySeconds = c.voucher().config().withdrawDelaySeconds();
    return plan.waitUntil(c.withdrawal(), delaySeconds, exposed.totalClaimed(), earlier, head, now);
  }

  /// The head that looks good is final when it has its confirmations. A node that lags behind the
  /// withdrawal may have caught up at any moment.
  private Look settling(Case c, Findings findings, Instant now) {
    long head = findings.head().number();
    long block = head < c.withdrawal().seenBlock() ? 0 : 2 * head - findings.finalBlock();
    return new Look(now.plus(properties.lookInterval()), block);
  }

  private static ExposedCase exposed(Case c, Exposed exposed) {
    var voucher = c.voucher();
    return new ExposedCase(
        c.channelId(),
        new ClaimRow(voucher.config(), voucher.voucher(), exposed.totalClaimed()),
        exposed.atRisk(),
        c.initiatedSeconds(),
        c.withdrawal().finalizeAfterSeconds());
  }
}
