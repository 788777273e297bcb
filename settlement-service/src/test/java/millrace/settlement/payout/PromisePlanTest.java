package millrace.settlement.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.payout.PromisePlan.Claim;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PromisePlanTest {
  @Test
  void whereThereIsEnoughEverybodyIsPromisedAllThatIsOwed() {
    assertThat(PromisePlan.share(claims(7, 70, 3), Amount.of(80)))
        .isEqualTo(Map.of(payee(0), Amount.of(7), payee(1), Amount.of(70), payee(2), Amount.of(3)));
  }

  @Test
  void whereThereIsLessEverybodyIsPromisedTheSamePart() {
    assertThat(PromisePlan.share(claims(10, 100, 1), Amount.of(56)))
        .isEqualTo(Map.of(payee(0), Amount.of(5), payee(1), Amount.of(50)));
  }

  @Test
  void nothingIsSharedOfNothing() {
    assertThat(PromisePlan.share(claims(10, 100), Amount.ZERO)).isEmpty();
    assertThat(PromisePlan.share(List.of(), Amount.of(5))).isEmpty();
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /// Goal: however much is owed and to however many, no more is promised than there is, and nobody
  /// is promised more than it is owed. Money is left over only for want of whole units.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neitherTheMoneyNorTheDebtIsExceeded(long seed) {
    var random = new Random(seed);
    long[] owed = random.longs(random.nextInt(1, 20), 1, 1_000).toArray();
    var claims = claims(owed);
    var room = Amount.of(random.nextLong(0, 12_000));
    var shares = PromisePlan.share(claims, room);
    var sum = shares.values().stream().reduce(Amount.ZERO, Amount::plus);
    assertThat(sum).isLessThanOrEqualTo(room);
    for (var claim : claims) {
      assertThat(shares.getOrDefault(claim.payee(), Amount.ZERO))
          .isLessThanOrEqualTo(claim.lacking());
    }
    var most = room.min(new Amount(claims.getFirst().allLack()));
    assertThat(sum.plus(Amount.of(owed.length))).isGreaterThan(most);
  }

  private static List<Claim> claims(long... owed) {
    var all = BigInteger.valueOf(LongStream.of(owed).sum());
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < owed.length; i++) {
      claims.add(new Claim(payee(i), Amount.of(owed[i]), all));
    }
    return claims;
  }

  private static Address payee(int number) {
    return Address.of("0x%040x".formatted(number + 1));
  }
}
