package millrace.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;
import millrace.protocol.type.MerchantId;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private final Places places = new Places(2, 1);

  @Test
  void aMerchantHasItsShareAndNoMore() {
    places.in(
        merchant(1),
        () -> {
          refused(ProblemCode.TOO_MANY_REQUESTS, () -> enter(1));
          assertThat(enter(2)).isEqualTo("done");
          return "done";
        });
    assertThat(enter(1)).isEqualTo("done");
  }

  @Test
  void allOfThemTogetherHaveNoMoreThanThereAre() {
    places.in(
        merchant(1),
        () ->
            places.in(
                merchant(2),
                () -> {
                  refused(ProblemCode.OVERLOADED, () -> enter(3));
                  return "done";
                }));
    assertThat(enter(3)).isEqualTo("done");
  }

  @Test
  void aPlaceComesBackFromWorkThatFailed() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  places.in(
                      merchant(1),
                      () -> {
                        throw new IllegalStateException("failed");
                      }))
          .hasMessage("failed");
    }
    assertThat(enter(1)).isEqualTo("done");
  }

  private String enter(int merchant) {
    return places.in(merchant(merchant), () -> "done");
  }

  private static void refused(ProblemCode code, ThrowingCallable entering) {
    assertThatThrownBy(entering)
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().retryAfterSeconds()).hasValue(1);
            });
  }

  private static MerchantId merchant(int number) {
    return new MerchantId("mer_%026d".formatted(number));
  }
}
