package millrace.settlement.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.claim.ClaimPolicy.Due;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What the database says is due, beside a model that says the same in plain words.
class ClaimablesIT {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final long LEAST = 20;
  private static final Address TOKEN = Address.of("0x%040x".formatted(5));
  private static final Comparator<Optional<Instant>> SOONEST =
      Comparator.comparing(at -> at.orElse(Instant.MAX));

  private static AnnotationConfigApplicationContext context;
  private static JdbcClient jdbc;
  private static Claimables claimables;

  @BeforeAll
  static void start() {
    var database = TestPostgres.freshDatabase();
    var source =
        new SingleConnectionDataSource(
            database.jdbcUrl(), database.user(), database.password(), true);
    Flyway.configure().dataSource(source).locations("classpath:db/settlement").load().migrate();
    context = new AnnotationConfigApplicationContext();
    context.registerBean(DataSource.class, () -> source);
    context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(source));
    context.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
    context.registerBean(ClaimProperties.class, ClaimablesIT::properties);
    context.registerBean(HubTerms.class, ClaimablesIT::terms);
    context.register(KnownChannels.class, Claimables.class);
    context.refresh();
    jdbc = context.getBean(JdbcClient.class);
    claimables = context.getBean(Claimables.class);
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  /// A channel, and what it owes.
  ///
  /// @param balance nothing while nobody has read it
  /// @param leavesAt when its payer may take the rest, if it is leaving
  /// @param claiming in a batch on its way, up to so much in all
  record Row(
      int id,
      Optional<Long> balance,
      long claimed,
      long charged,
      Instant since,
      boolean leaving,
      Optional<Instant> leavesAt,
      Optional<Long> claiming,
      Instant notBefore) {
    long owed() {
      return Math.min(charged, balance.orElse(Long.MAX_VALUE)) - claimed;
    }

    /// Whether anything is to be claimed of it now, if it is worth it or its payer leaves.
    boolean waits() {
      return claiming.isEmpty()
          && charged > claimed
          && !notBefore.isAfter(NOW)
          && (owed() >= LEAST || (leaving && owed() > 0));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 30);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsUnclaimedIsWhatTheModelSays(long seed) {
    var random = new Random(seed);
    var rows = store(random);
    long shortfall = random.nextInt(400);
    jdbc.sql("INSERT INTO shortfall (token, amount) VALUES (?, ?)")
        .params(TOKEN.toArray(), BigDecimal.valueOf(shortfall))
        .update();
    long underWay =
        rows.stream()
            .mapToLong(row -> row.claiming().map(total -> total - row.claimed()).orElse(0L))
            .filter(more -> more > 0)
            .sum();
    var waiting = rows.stream().filter(Row::waits).toList();
    assertThat(claimables.unclaimed(NOW))
        .isEqualTo(
            new Unclaimed(
                Amount.of(waiting.stream().mapToLong(Row::owed).sum()),
                waiting.stream().map(Row::since).min(Comparator.naturalOrder()),
                waiting.size(),
                waiting.stream().anyMatch(Row::leaving),
                Amount.of(Math.max(0, shortfall - underWay))));
  }

  /// Those who leave come first, whose time ends soonest before all; then who owes longest or most.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsDueComesInTheOrderOfTheModel(long seed) {
    var random = new Random(seed);
    var rows = store(random);
    var reason = random.nextBoolean() ? ClaimReason.AGE : ClaimReason.VALUE;
    boolean onlyLeaving = random.nextInt(3) == 0;
    int limit = random.nextInt(1, rows.size() + 2);
    Comparator<Row> order =
        Comparator.comparing(Row::leaving)
            .reversed()
            .thenComparing(row -> row.leaving() ? row.leavesAt() : Optional.empty(), SOONEST)
            .thenComparing(row -> reason == ClaimReason.AGE ? row.since() : NOW)
            .thenComparing(Comparator.comparing(Row::owed).reversed());
    var expected =
        rows.stream()
            .filter(Row::waits)
            .filter(row -> row.leaving() || !onlyLeaving)
            .sorted(order)
            .limit(limit)
            .map(Row::id)
            .toList();
    var due =
        claimables.due(NOW, limit, new Due(reason, onlyLeaving)).stream()
            .map(claimable -> new BigInteger(1, claimable.channel().id().toArray()).intValueExact())
            .toList();
    assertThat(due).isEqualTo(expected);
  }

  private static List<Row> store(Random random) {
    jdbc.sql("TRUNCATE channel, claimable, claim_batch, claim_row, shortfall CASCADE").update();
    var rows = new ArrayList<Row>();
    int count = random.nextInt(1, 25);
    for (int id = 1; id <= count; id++) {
      var row = row(id, random);
      rows.add(row);
      store(row);
    }
    return rows;
  }

  /// Amounts are near to each other and to the limits, because mistakes are there. No two rows owe
  /// the same, so that there is one right order.
  private static Row row(int id, Random random) {
    long claimed = random.nextInt(3) * 10L;
    long charged = random.nextInt(6) == 0 ? claimed : claimed + 32L * random.nextInt(4) + id;
    long balance = random.nextInt(6) == 0 ? claimed : claimed + 32L * random.nextInt(6) + id;
    boolean leaving = random.nextInt(4) == 0;
    return new Row(
        id,
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(balance),
        claimed,
        charged,
        NOW.minusSeconds(60L * random.nextInt(100)),
        leaving,
        leaving && random.nextInt(5) > 0
            ? Optional.of(NOW.plusSeconds(random.nextInt(-100, 900)))
            : Optional.empty(),
        random.nextInt(5) == 0 ? Optional.of(random.nextLong(charged + 1)) : Optional.empty(),
        random.nextInt(4) == 0 ? NOW.plusSeconds(random.nextInt(-2, 3)) : NOW);
  }

  private static void store(Row row) {
    byte[] id = ByteBuffer.allocate(32).putInt(28, row.id()).array();
    byte[] address = new byte[20];
    jdbc.sql(
            """
            INSERT INTO channel (channel_id, payer, payer_authorizer, receiver,
              receiver_authorizer, token, withdraw_delay_seconds, salt, balance, claimed,
              withdrawal, withdrawal_after)
            VALUES (:id, :address, :address, :address, :address, :token, 900, :id, :balance,
              :claimed, :leaving, :after)
            """)
        .param("id", id)
        .param("address", address)
        .param("token", TOKEN.toArray())
        .param("balance", row.balance().orElse(null))
        .param("claimed", row.claimed())
        .param("leaving", row.leaving())
        .param("after", row.leavesAt().map(Timestamp::from).orElse(null))
        .update();
    var batch = row.claiming().map(total -> batch(id, total, row));
    jdbc.sql(
            """
            INSERT INTO claimable (channel_id, sequence, ceiling, signature, charged,
              unclaimed_since, batch_id, not_before, due)
            VALUES (:id, 1, :charged, :signature, :charged, :since, :batch, :before, :charged)
            """)
        .param("id", id)
        .param("charged", row.charged())
        .param("signature", signature())
        .param("since", Timestamp.from(row.since()))
        .param("batch", batch.orElse(null))
        .param("before", Timestamp.from(row.notBefore()))
        .update();
  }

  private static Long batch(byte[] channel, long total, Row row) {
    var batch =
        jdbc.sql(
                """
                INSERT INTO claim_batch (reason, state, row_count, created_at)
                VALUES ('VALUE', 'SENDING', 1, now()) RETURNING id
                """)
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            INSERT INTO claim_row (batch_id, channel_id, ceiling, signature, total_claimed)
            VALUES (:batch, :id, :ceiling, :signature, :total)
            """)
        .param("batch", batch)
        .param("id", channel)
        .param("ceiling", row.charged())
        .param("signature", signature())
        .param("total", total)
        .update();
    return batch;
  }

  private static byte[] signature() {
    byte[] signature = new byte[65];
    signature[31] = 1;
    signature[63] = 1;
    signature[64] = 27;
    return signature;
  }

  private static ClaimProperties properties() {
    return new ClaimProperties(
        Amount.of(1_000),
        Duration.ofHours(1),
        100,
        100,
        4,
        Amount.of(LEAST),
        Duration.ofSeconds(30));
  }

  private static HubTerms terms() {
    var other = Address.of("0x%040x".formatted(9));
    return new HubTerms(
        BigInteger.ONE,
        other,
        other,
        other,
        new HubTerms.Token(TOKEN, "USD Coin", "1", 6, "USDC"),
        900,
        Amount.of(1));
  }
}
