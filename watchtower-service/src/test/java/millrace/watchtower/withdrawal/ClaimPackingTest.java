package millrace.watchtower.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import millrace.chain.contract.ClaimForm;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimPackingTest {
  private static final long BLOCK = 30_000_000;
  private static final long MOST_GAS = ClaimPacking.MOST_GAS;

  @Test
  void aTransactionTakesAtMostHalfOfABlock() {
    assertThat(sizes(ClaimForm.COMPACT, 1_000, cases(2_500), BLOCK)).containsExactly(990, 990, 520);
    assertThat(sizes(ClaimForm.STANDARD, 1_000, cases(300), BLOCK)).containsExactly(148, 148, 4);
  }

  @Test
  void norMoreThanATransactionMayHave() {
    var packing = new ClaimPacking(ClaimForm.COMPACT, 1_000, 3_150_000);
    for (long block : new long[] {BLOCK, 0}) {
      assertThat(packing.pack(cases(450), 0, block))
          .extracting(List::size)
          .containsExactly(200, 200, 50);
    }
  }

  @Test
  void norMoreRowsThanItsFormTakes() {
    assertThat(sizes(ClaimForm.COMPACT, 1_500, cases(1_500), 60_000_000))
        .containsExactly(1_000, 500);
    for (var form : ClaimForm.values()) {
      assertThat(form.gas(form.mostRows())).isLessThan(MOST_GAS);
    }
    assertThat(sizes(ClaimForm.COMPACT, 1_500, cases(1_500), 0)).containsExactly(1_000, 500);
  }

  @Test
  void norMoreRowsThanConfigured() {
    assertThat(sizes(ClaimForm.COMPACT, 100, cases(250), BLOCK)).containsExactly(100, 100, 50);
  }

  @Test
  void aBlockTooSmallForOneRowStillGetsOne() {
    assertThat(sizes(ClaimForm.STANDARD, 100, cases(2), 100_000)).containsExactly(1, 1);
  }

  @Test
  void rowsOnOtherTermsMakeAllTakeTheLongerForm() {
    var mixed =
        IntStream.range(0, 300)
            .mapToObj(i -> ExposedCases.of(i, i == 5 ? 2 : 1, 0, i == 5 ? 901 : 900))
            .toList();
    assertThat(sizes(ClaimForm.COMPACT, 1_000, mixed, BLOCK)).containsExactly(148, 152);
  }

  @Test
  void theMostUrgentGoWithTheFirstTransaction() {
    var rows = new ArrayList<>(cases(250));
    var packed = new ClaimPacking(ClaimForm.COMPACT, 100, MOST_GAS).pack(rows, 450, BLOCK);
    assertThat(packed.getFirst().getFirst()).as("the dearest").isEqualTo(rows.getLast());
    assertThat(packed.getLast().getLast()).isEqualTo(rows.getFirst());
    var late = ExposedCases.of(1_000, 1, -800, 900);
    rows.add(late);
    assertThat(new ClaimPacking(ClaimForm.COMPACT, 100, MOST_GAS).pack(rows, 50, BLOCK).getFirst())
        .as("who has little time left")
        .startsWith(late);
  }

  /// Goal: every row is in one transaction, the most urgent first, and none is above the limits.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("millrace.testkit.Seeds#stream")
  void losesNoRowAndKeepsTheOrder(long seed) {
    var random = new Random(seed);
    for (var form : ClaimForm.values()) {
      var cases = cases(random.nextInt(1, 3_000));
      long block = random.nextLong(1_000_000, 80_000_000);
      long most = random.nextLong(1_000_000, MOST_GAS);
      var packed = new ClaimPacking(form, random.nextInt(1, 1_001), most).pack(cases, 300, block);
      assertThat(packed.stream().flatMap(List::stream).toList())
          .isEqualTo(cases.stream().sorted(ExposedCase.mostUrgentFirst(300)).toList());
      for (var part : packed) {
        assertThat(form.gas(part.size())).isLessThanOrEqualTo(Math.min(most, block / 2));
      }
    }
  }

  @Test
  void tokensAreWorthWhatIsConfigured() {
    var dollars = new Worth(new BigDecimal("3000"), 6);
    assertThat(dollars.inWei(Amount.of(3_000_000_000L))).isEqualTo(BigInteger.TEN.pow(18));
    assertThat(dollars.inWei(Amount.of(1))).isEqualTo(BigInteger.valueOf(333_333_333));
    assertThat(new Worth(new BigDecimal("0.5"), 18).inWei(Amount.of(1))).isEqualTo(BigInteger.TWO);
  }

  private static List<Integer> sizes(
      ClaimForm form, int mostRows, List<ExposedCase> cases, long blockGas) {
    return new ClaimPacking(form, mostRows, MOST_GAS)
        .pack(cases, 0, blockGas).stream().map(List::size).toList();
  }

  private static List<ExposedCase> cases(int count) {
    return IntStream.range(0, count).mapToObj(i -> ExposedCases.of(i, 1 + i, 0, 900)).toList();
  }
}
