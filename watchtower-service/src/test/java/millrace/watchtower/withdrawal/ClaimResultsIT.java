package millrace.watchtower.withdrawal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import millrace.chain.contract.ContractEvents;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.ContractLog;
import millrace.chain.rpc.Receipt;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Purpose;
import millrace.messaging.EventCodec;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.watchtower.TowerDatabase;
import millrace.watchtower.withdrawal.ClaimStore.Row;
import millrace.watchtower.withdrawal.WithdrawalStore.Seen;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ClaimResultsIT {
  private static final ChannelId CLAIMED = ChannelId.of("0x" + "01".repeat(32));
  private static final ChannelId PASSED_OVER = ChannelId.of("0x" + "02".repeat(32));
  private static final Address CONTRACT = address("0c");
  private static final Instant NOW = Instant.ofEpochSecond(1_000);

  private final DataSource database = migrated();
  private final JdbcClient jdbc = JdbcClient.create(database);
  private final ClaimStore claims = new ClaimStore(jdbc);
  private final WithdrawalStore withdrawals = new WithdrawalStore(jdbc);
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final ClaimResults results =
      new ClaimResults(
          claims,
          withdrawals,
          new ContractEvents(CONTRACT, address("0a"), address("0b")),
          new Outbox(database, new EventCodec(), clock, () -> {}),
          clock,
          new SimpleMeterRegistry());

  @Test
  void onlyChannelsThatTheContractSaysAreClaimedCountAsAnswered() {
    withdrawals.note(List.of(new Seen(CLAIMED, 1_900, 7), new Seen(PASSED_OVER, 1_900, 7)), NOW);
    long id = claims.add(Stream.of(CLAIMED, PASSED_OVER).map(ClaimResultsIT::row).toList(), NOW);

    end(id, List.of(claimed(CLAIMED)));

    assertThat(jdbc.sql("SELECT key FROM outbox").query(String.class).list())
        .containsExactly(CLAIMED.toString());
    assertThat(
            jdbc.sql("SELECT channel_id FROM withdrawal WHERE answered_by IS NOT NULL")
                .query((row, _) -> ChannelId.of(row.getBytes(1)))
                .list())
        .containsExactly(CLAIMED);
    assertThat(jdbc.sql("SELECT outcome FROM claim").query(String.class).single())
        .isEqualTo("SUCCEEDED");
  }

  @Test
  void aClaimOfWhichAllRowsWerePassedOverAnsweredNobody() {
    withdrawals.note(List.of(new Seen(PASSED_OVER, 1_900, 7)), NOW);
    end(claims.add(List.of(row(PASSED_OVER)), NOW), List.of());
    assertThat(jdbc.sql("SELECT count(*) FROM outbox").query(Long.class).single()).isZero();
  }

  private void end(long claim, List<ContractLog> logs) {
    var receipt = new Receipt(Bytes32.ZERO, Bytes32.ZERO, 8, true, 21_000, BigInteger.ONE, logs);
    var transaction = new FinalTransaction(Purpose.of(Claiming.PURPOSE, claim), receipt);
    new TransactionTemplate(new JdbcTransactionManager(database))
        .executeWithoutResult(_ -> results.onFinal(transaction));
  }

  private static Address address(String letters) {
    return Address.of("0x" + letters.repeat(20));
  }

  private static Row row(ChannelId channel) {
    return new Row(channel, Amount.of(9), Amount.of(9));
  }

  private static ContractLog claimed(ChannelId channel) {
    byte[] event = Keccak.hash("Claimed(bytes32,address,uint128,uint128)".getBytes(US_ASCII));
    return new ContractLog(
        CONTRACT,
        List.of(Bytes32.of(event), Bytes32.of(channel.toArray()), Bytes32.ZERO),
        Bytes.of("0x" + "%064x".formatted(9).repeat(2)),
        Bytes32.ZERO,
        Bytes32.ZERO,
        8,
        0);
  }

  private static DataSource migrated() {
    var database = TowerDatabase.fresh();
    Flyway.configure()
        .dataSource(database)
        .locations("classpath:db/messaging")
        .table("messaging_history")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load()
        .migrate();
    return database;
  }
}
