package millrace.bench.gas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.bench.Progress;
import millrace.chain.contract.ClaimCall;
import millrace.chain.contract.ClaimForm;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.PromisedTotal;
import millrace.protocol.type.Amount;

/// Does every operation once, on contracts that are in use already: no word of storage is written
/// for the first time that would not be so in daily business.
final class GasRun {
  static final List<Integer> BATCHES = List.of(1, 10, 100);

  private static final int MOST = 100;
  private static final long FIRST_TOTAL = 1_345_678;
  private static final long STEP = 1_111_111;
  private static final Duration VAULT_DELAY = Duration.ofSeconds(60);

  private final Scene scene;
  private final Map<Figure, Long> measured = new LinkedHashMap<>();
  private long total = FIRST_TOTAL;

  GasRun(Scene scene) {
    this.scene = scene;
  }

  Figures measure() throws InterruptedException {
    scene.giveTheContractsTokens();
    deposits();
    claims();
    payouts();
    exits();
    return new Figures(measured);
  }

  private void deposits() throws InterruptedException {
    Progress.say("deposits");
    scene.deposit(0);
    note(Figure.DEPOSIT, 1, scene.deposit(1));
    // Two more than are claimed: one leaves used, the other as it came.
    for (int payer = 2; payer < MOST + 2; payer++) scene.deposit(payer);
  }

  private void claims() throws InterruptedException {
    Progress.say("claims");
    claim(ClaimForm.STANDARD, MOST, false); // Every later one finds totals that are not zero.
    scene.settle();
    note(Figure.CLAIM_1, 1, claim(ClaimForm.COMPACT, 1, false));
    note(Figure.CLAIM_10, 10, claim(ClaimForm.COMPACT, 10, false));
    note(Figure.CLAIM_100, 100, claim(ClaimForm.COMPACT, 100, false));
    note(Figure.CLAIM_LONG_100, 100, claim(ClaimForm.COMPACT, 100, true));
    note(Figure.STANDARD_1, 1, claim(ClaimForm.STANDARD, 1, false));
    note(Figure.STANDARD_10, 10, claim(ClaimForm.STANDARD, 10, false));
    note(Figure.STANDARD_100, 100, claim(ClaimForm.STANDARD, 100, false));
    note(Figure.SETTLE, 1, scene.settle());
  }

  /// @param below claims less than was signed for, which only a long row can say
  private long claim(ClaimForm form, int count, boolean below) throws InterruptedException {
    total += STEP;
    var rows = new ArrayList<ClaimRow>();
    for (int payer = 0; payer < count; payer++) {
      rows.add(scene.row(payer, total, below ? total - 1 : total));
    }
    return scene.toVault(ClaimCall.of(form, rows).data());
  }

  private void payouts() throws InterruptedException {
    Progress.say("payouts");
    for (int merchant = 0; merchant < MOST; merchant++) {
      scene.toVault(ContractCalls.announcePayee(scene.merchant(merchant)));
    }
    scene.chain().increaseTime(VAULT_DELAY);
    credit(10_234_567, true); // Merchants that were paid before.
    note(Figure.CREDIT, MOST, credit(11_345_678, false));
    note(Figure.TRANSFER, MOST, credit(12_456_789, true));
  }

  private long credit(long cumulative, boolean push) throws InterruptedException {
    var rows = new ArrayList<PromisedTotal>();
    for (int merchant = 0; merchant < MOST; merchant++) {
      rows.add(new PromisedTotal(scene.merchant(merchant), Amount.of(cumulative)));
    }
    return scene.toVault(ContractCalls.credit(scene.token(), rows, push));
  }

  private void exits() throws InterruptedException {
    Progress.say("exits");
    // What is left of a channel that was paid from.
    leave(0, Amount.of(5_000_000), Figure.EXIT_START, Figure.EXIT_FINISH);
    // All of one that never was: the contract also reports that it is closed.
    leave(MOST + 1, Scene.DEPOSIT, Figure.EXIT_START_UNUSED, Figure.EXIT_FINISH_UNUSED);
  }

  private void leave(int payer, Amount amount, Figure start, Figure finish)
      throws InterruptedException {
    scene.chain().mint(scene.payer(payer).address(), Scene.DEPOSIT);
    var config = scene.channelOf(payer);
    note(start, 1, scene.asPayer(payer, ContractCalls.initiateWithdraw(config, amount)));
    scene.chain().increaseTime(Duration.ofSeconds(Scene.DELAY_SECONDS + 1));
    note(finish, 1, scene.asPayer(payer, ContractCalls.finalizeWithdraw(config)));
  }

  private void note(Figure figure, int rows, long gas) {
    measured.put(figure, Math.round((double) gas / rows));
  }
}
