package millrace.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import millrace.gateway.problem.ProblemException;
import org.junit.jupiter.api.Test;

class PageRequestTest {
  private static final String ID = "pay_01aaaaaaaaaaaaaaaaaaaaaaaa";

  @Test
  void withoutACursorEveryIdComesAfter() {
    assertThat(PageRequest.of("pay_", null, null).before()).isGreaterThan(ID);
    assertThat(PageRequest.of("pay_", null, ID).before()).isEqualTo(ID);
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    assertThatThrownBy(() -> PageRequest.of("rt_", null, ID)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> PageRequest.of("pay_", null, "pay_'; --"))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void aPageHasOneToAHundred() {
    assertThatThrownBy(() -> PageRequest.of("pay_", 0, null)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> PageRequest.of("pay_", 101, null))
        .isInstanceOf(ProblemException.class);
    assertThat(PageRequest.of("pay_", 100, null).limitAndOne()).isEqualTo(101);
  }

  @Test
  void oneTooManySaysThatThereIsMore() {
    var request = PageRequest.of("pay_", 2, null);
    assertThat(Page.of(List.of(1, 2, 3), request))
        .isEqualTo(new Page<>("list", List.of(1, 2), true));
    assertThat(Page.of(List.of(1, 2), request).hasMore()).isFalse();
  }
}
