package millrace.watchtower.withdrawal;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
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

  /// Looks at a page of withdrawals, the most urgent first.
  ///
  /// @return whether there may be more to do at once
  boolean round() {
    witnesses.noteWhatAnyTells();
    var due = withdrawals.due(clock.instant(), PAGE);
    if (due.isEmpty()) return false;
    forms.ask();
    var findings = witnesses.examine(due);
    if (findings.isEmpty()) return false;
    var channels = findings.get().cases().stream().map(Case::channelId).toList();
    var earlier = claims.of(channels);
    transactions.executeWithoutResult(_ -> act(findings.get(), earlier));
    return due.size() == PAGE;
  }

  private void act(Findings findings, Map<ChannelId, List<ClaimStore.Earlier>> earlier) {
    var now = clock.instant();
    var judgements = new ArrayList<Judgement>();
    for (var c : findings.cases()) {
      var before = earlier.getOrDefault(c.channelId(), List.of());
      var lookAt = lookAt(c, before, findings.head(), now);
      judgements.add(new Judgement(c.withdrawal(), c.verdict(), lookAt));
    }
    var standing = withdrawals.judge(judgements);
    var gone = new ArrayList<ChannelId>();
    var toClaim = new ArrayList<ExposedCase>();
    for (int i = 0; i < judgements.size(); i++) {
      var c = findings.cases().get(i);
      if (!standing.contains(c.channelId())) continue;
      if (c.verdict() instanceof Verdict.Gone) gone.add(c.channelId());
      if (c.verdict() instanceof Exposed exposed && isNow(judgements.get(i).lookAt(), now)) {
        toClaim.add(exposed(c, exposed));
      }
    }
    if (!gone.isEmpty()) withdrawals.end(gone, findings.finalBlock(), now);
    if (!toClaim.isEmpty()) claiming.claim(toClaim, findings.head(), now);
  }

  /// An exposed channel whose claim goes out now is due again at once; the claim, which is under
  /// way by then, sets the next time.
  private Optional<Instant> lookAt(
      Case c, List<ClaimStore.Earlier> earlier, BlockHeader head, Instant now) {
    return switch (c.verdict()) {
      case Verdict.Gone _, Verdict.Untouchable _, Verdict.Safe _ -> Optional.empty();
      case Verdict.Settling _ -> Optional.of(now.plus(properties.lookInterval()));
      case Exposed(var target, _) ->
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
