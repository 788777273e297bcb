package millrace.gateway.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import org.junit.jupiter.api.Test;

/// What an alarm is raised by.
class ReconciliationJobTest {
  private static final Address TOKEN = Address.of("0x%040x".formatted(0xbb));

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Supplier<Report> books = () -> report(0, 0);
  private final ReconciliationJob job = new ReconciliationJob(() -> books.get(), TOKEN, metrics);

  @Test
  void booksThatAgreeShowNoDifference() {
    job.run();
    assertThat(gauge("difference")).isZero();
    assertThat(gauge("lines.off")).isZero();
  }

  @Test
  void theLargestDifferenceIsShownWhicheverWayItIs() {
    books = () -> report(3, -7);
    job.run();
    assertThat(gauge("difference")).isEqualTo(7);
    assertThat(gauge("lines.off")).isEqualTo(2);
  }

  @Test
  void booksThatCannotBeComparedAreNotShownAsEqual() {
    job.run();
    books =
        () -> {
          throw Problem.of(ProblemCode.UNAVAILABLE, "not now").asException();
        };
    job.run();
    assertThat(gauge("difference")).isNaN();
    assertThat(gauge("lines.off")).isNaN();
  }

  @Test
  void aServiceThatAnswersInAnUnknownWayIsNotTakenForBooksThatAgree() {
    job.run();
    books =
        () -> {
          throw new IllegalStateException("unreadable books");
        };
    assertThatThrownBy(job::run).hasMessage("unreadable books");
    assertThat(gauge("difference")).isNaN();
    assertThat(gauge("lines.off")).isNaN();
  }

  @Test
  void beforeTheFirstComparisonNothingIsShown() {
    assertThat(gauge("difference")).isNaN();
  }

  private double gauge(String name) {
    return metrics.get("millrace.gateway.reconciliation." + name).gauge().value();
  }

  private static Report report(long first, long second) {
    var zero = BigInteger.ZERO;
    return new Report(
        TOKEN,
        1,
        new Vault(zero, zero, zero, zero, zero, zero, zero, zero),
        List.of(line("escrow", first), line("claimed", second)));
  }

  private static Line line(String name, long difference) {
    return Line.same(
        name, name, "ledger", BigInteger.valueOf(difference), "chain", BigInteger.ZERO);
  }
}
