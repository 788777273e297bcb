package millrace.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A list reads little more than it shows, whatever it is asked for and however much there is.
class PaymentPlansIT {
  private static final int PAYMENTS = Boolean.getBoolean("millrace.long") ? 3_000_000 : 200_000;
  private static final MerchantId MERCHANT = new MerchantId("mer_" + "1".repeat(26));
  private static final String ROUTE = "rt_" + "2".repeat(26);
  private static final int PAGE = 100;
  private static final int FEW_BLOCKS = 40 * PAGE;
  private static JdbcClient jdbc;

  @BeforeAll
  static void seed() throws SQLException {
    TestDatabase database = TestPostgres.freshDatabase();
    DataSource source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/gateway").load().migrate();
    jdbc = JdbcClient.create(source);
    jdbc.sql(
            """
            INSERT INTO payment
              (id, merchant_id, channel_id, payer, token, amount, resource, created_at, sequence)
            SELECT 'pay_' || lpad(n::text, 26, '0'),
                   CASE WHEN n % 10 = 0 THEN 'mer_' || repeat('9', 26) ELSE :merchant END,
                   decode(lpad(to_hex(n % 997), 64, '0'), 'hex'),
                   decode(lpad(to_hex(n % 499), 40, '0'), 'hex'),
                   decode(repeat('bb', 20), 'hex'), 10,
                   CASE WHEN n % 50 = 1 THEN 'http://hub.example/x/' || :route || '/item/' || n
                        ELSE 'http://shop.example/' || n END,
                   '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 second', n
              FROM generate_series(1, :count) n
            """)
        .param("merchant", MERCHANT.value())
        .param("route", ROUTE)
        .param("count", PAYMENTS)
        .update();
    jdbc.sql(
            """
            INSERT INTO webhook_channel_merchant (channel_id, merchant_id, payer)
            SELECT DISTINCT channel_id, merchant_id, payer FROM payment
            ON CONFLICT DO NOTHING
            """)
        .update();
    jdbc.sql("VACUUM ANALYZE").update();
  }

  static Stream<PaymentFilter> filters() {
    var all = new PaymentFilter(Optional.empty(), Optional.empty(), Optional.empty(), Period.ALL);
    var channel = Optional.of(ChannelId.of("0x" + "%064x".formatted(7)));
    var payer = Optional.of(Address.of("0x" + "%040x".formatted(7)));
    var day =
        Period.of(Instant.parse("2026-01-02T00:00:00Z"), Instant.parse("2026-01-03T00:00:00Z"));
    return Stream.of(
        all,
        new PaymentFilter(channel, Optional.empty(), Optional.empty(), Period.ALL),
        new PaymentFilter(Optional.empty(), payer, Optional.empty(), Period.ALL),
        new PaymentFilter(Optional.empty(), Optional.empty(), Optional.of(ROUTE), Period.ALL),
        new PaymentFilter(Optional.empty(), Optional.empty(), Optional.empty(), day));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void aPageCostsAPage(PaymentFilter filter) {
    // The times of the seed are not in its ids, so the range of ids is left open.
    var params = new HashMap<String, Object>();
    params.put("merchant", MERCHANT.value());
    params.put("before", PageRequest.of("pay_", PAGE, null).before());
    params.put("first", "pay_");
    params.put("end", "pay_z");
    params.put("from", filter.period().fromTime());
    params.put("to", filter.period().toTime());
    params.put("limit", PAGE + 1);
    filter.channel().ifPresent(channel -> params.put("channel", channel.toArray()));
    filter.payer().ifPresent(payer -> params.put("payer", payer.toArray()));
    filter.soldAt().ifPresent(sold -> params.put("sold", sold));
    if (!filter.period().equals(Period.ALL)) {
      params.put("first", "pay_" + "%026d".formatted(86_400 - 3_600));
      params.put("end", "pay_" + "%026d".formatted(2 * 86_400 + 3_600));
    }

    var plan = explain(PaymentLog.sql(filter), params);

    System.out.printf(
        "%s of %d: %.1f ms, %d blocks%n",
        filter, PAYMENTS, plan.get("Execution Time").doubleValue(), blocks(plan.get("Plan")));
    // What hangs on payments, such as notes, is empty here and read as a whole.
    assertThat(plan.toString())
        .doesNotContainPattern("\"Seq Scan\"[^{}]*\"Relation Name\":\"payment\"");
    assertThat(plan.get("Plan").get("Actual Rows").doubleValue()).isEqualTo(PAGE + 1);
    assertThat(blocks(plan.get("Plan"))).isLessThan(FEW_BLOCKS);
  }

  private static JsonNode explain(String sql, Map<String, Object> params) {
    var text =
        jdbc.sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)
            .params(params)
            .query(String.class)
            .single();
    return JsonMapper.shared().readTree(text).get(0);
  }

  private static long blocks(JsonNode plan) {
    return plan.get("Shared Hit Blocks").longValue() + plan.get("Shared Read Blocks").longValue();
  }
}
