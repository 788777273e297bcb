package millrace.gateway;

import static millrace.gateway.GatewayFixture.OPERATOR_KEY;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

class DrillsIT {
  private static final String CHANNEL = "0x" + "c1".repeat(32);

  @Test
  void drillsAreKeptAndTheLastAnsweredOneIsAMetric() throws Exception {
    try (var gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of())) {
      assertThat(gauge(gateway, "success")).isNaN();
      assertThat(report(gateway, OPERATOR_KEY, "false", "").statusCode()).isEqualTo(201);
      assertThat(gauge(gateway, "success")).isNaN();
      double before = Instant.now().getEpochSecond();

      var made =
          report(
              gateway,
              OPERATOR_KEY,
              "true",
              ",\"answer_ms\":2500,\"gas\":61000,\"fee_wei\":\"61000000000000\"");

      assertThat(made.statusCode()).isEqualTo(201);
      assertThat(gauge(gateway, "success")).isGreaterThanOrEqualTo(before);
      assertThat(gauge(gateway, "answer")).isEqualTo(2.5);
      var list = json(gateway.send(gateway.request("GET", "/v1/admin/drills", OPERATOR_KEY)));
      assertThat(list.get("data").size()).isEqualTo(2);
      var newest = list.get("data").get(0);
      assertThat(newest.get("answered").booleanValue()).isTrue();
      assertThat(newest.get("channel").stringValue()).isEqualTo(CHANNEL);
      assertThat(newest.get("fee_wei").stringValue()).isEqualTo("61000000000000");

      assertThat(newest.get("livemode").booleanValue()).isFalse();
      assertThat(found(gateway, "answered=true")).isEqualTo(1);
      assertThat(found(gateway, "answered=false&channel=" + CHANNEL)).isEqualTo(1);
      assertThat(found(gateway, "channel=0x" + "c2".repeat(32))).isZero();
      assertThat(found(gateway, "created%5Blt%5D=2020-01-01T00:00:00Z")).isZero();
      assertThat(found(gateway, "created%5Bgte%5D=2100-01-01T00:00:00Z")).isZero();
      assertThat(found(gateway, "starting_after=" + newest.get("id").stringValue())).isEqualTo(1);
      var log = "/v1/admin/audit_log?action=createDrill";
      var entries = json(gateway.send(gateway.request("GET", log, OPERATOR_KEY))).get("data");
      assertThat(entries.get(0).get("object_id")).isEqualTo(newest.get("id"));

      assertThat(report(gateway, OPERATOR_KEY, "false", "").statusCode()).isEqualTo(201);
      assertThat(gauge(gateway, "answer")).isEqualTo(2.5);
      assertThat(report(gateway, OPERATOR_KEY, "true", "").statusCode()).isEqualTo(400);
      assertThat(report(gateway, gateway.merchant().key(), "false", "").statusCode())
          .isIn(401, 403);
    }
  }

  private static HttpResponse<String> report(
      GatewayFixture gateway, String key, String answered, String more) {
    var body =
        "{\"kind\":\"withdraw\",\"answered\":%s,\"channel\":\"%s\",\"guarded_ms\":12%s}"
            .formatted(answered, CHANNEL, more);
    return gateway.send(
        gateway.request("POST", "/v1/admin/drills", key).POST(BodyPublishers.ofString(body)));
  }

  private static int found(GatewayFixture gateway, String query) {
    var list = gateway.send(gateway.request("GET", "/v1/admin/drills?" + query, OPERATOR_KEY));
    return json(list).get("data").size();
  }

  private static double gauge(GatewayFixture gateway, String name) {
    return gateway
        .context
        .getBean(MeterRegistry.class)
        .get("millrace.gateway.drill." + name)
        .gauge()
        .value();
  }
}
