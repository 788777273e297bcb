package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import millrace.gateway.webhook.Traffic.Trip;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Traffic traffic = new Traffic(settings(4, 2, 2), nanos::get);

  @Test
  void anEndpointGetsOnlySoMuchAtATime() {
    traffic.start("we_1");
    assertThat(traffic.allowance().of()).containsEntry("we_1", 1);
    traffic.start("we_1");
    assertThat(traffic.allowance().of()).containsEntry("we_1", 0);
    assertThat(traffic.allowance().limit()).isEqualTo(2);
  }

  @Test
  void slowEndpointsTakeNoPlacesOfTheOthers() {
    for (int i = 0; i < 2; i++) {
      traffic.start("we_1");
      traffic.start("we_2");
    }
    assertThat(traffic.allowance().limit()).isZero();

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(traffic.allowance().limit()).isEqualTo(4);
    assertThat(traffic.allowance().of()).containsEntry("we_1", 0).containsEntry("we_2", 0);
  }

  @Test
  void slowEndpointsShareThePlacesThatAreTheirs() {
    for (var endpoint : List.of("we_1", "we_2", "we_3")) {
      var trip = traffic.start(endpoint);
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      trip.answered(true);
      trip.end();
    }
    var allowance = traffic.allowance();
    assertThat(allowance.limit()).isEqualTo(6);
    assertThat(allowance.of().values().stream().mapToInt(it -> it).sum()).isLessThanOrEqualTo(2);
  }

  @Test
  void anEndpointThatAnswersQuicklyAgainIsOneOfTheOthersAgain() {
    var trip = traffic.start("we_1");
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    trip.answered(true);
    trip.sending();
    trip.answered(true);
    trip.end();
    assertThat(traffic.allowance().limit()).isEqualTo(4);
  }

  @Test
  void anEndpointThatOnlyFailsIsLeftAlone() {
    for (int i = 0; i < 20; i++) {
      Trip trip = traffic.start("we_1");
      trip.answered(false);
      trip.end();
    }
    assertThat(traffic.allowance().of()).containsEntry("we_1", 0);
  }

  private static WebhookSettings settings(int fast, int slow, int each) {
    var day = Duration.ofDays(1);
    var second = Duration.ofSeconds(1);
    return new WebhookSettings(
        List.of(), second, second, second, fast, slow, each, 1, day, day, day, day, day);
  }
}
