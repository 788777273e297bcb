package millrace.settlement.refund;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.RefundId;
import millrace.settlement.chain.KnownChannel;
import millrace.settlement.chain.KnownChannels;
import millrace.settlement.refund.Refunds.Refund;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/// What the table says to those who do not look first.
class RefundsIT {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Bytes32 TRANSACTION = Bytes32.of("0x" + "7e".repeat(32));
  private static final RefundId ID = new RefundId("re_" + "0".repeat(26));

  @Test
  void aRefundBeginsOnceWaitsForItsBlockAndEndsOnce() {
    var database = TestPostgres.freshDatabase();
    var source =
        new SingleConnectionDataSource(
            database.jdbcUrl(), database.user(), database.password(), true);
    Flyway.configure().dataSource(source).locations("classpath:db/settlement").load().migrate();
    try (var context = new AnnotationConfigApplicationContext()) {
      context.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(source));
      context.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
      context.register(KnownChannels.class, Refunds.class);
      context.refresh();
      var asked = authorized();
      context
          .getBean(KnownChannels.class)
          .add(List.of(new KnownChannel(asked.channelId(), asked.config())));
      beginsOnceWaitsAndEndsOnce(context.getBean(Refunds.class), asked);
    } finally {
      source.destroy();
    }
  }

  private static void beginsOnceWaitsAndEndsOnce(Refunds refunds, RefundAuthorized asked) {
    assertThat(refunds.add(asked)).isTrue();
    assertThat(refunds.add(asked)).isFalse();
    assertThat(refunds.minedUpTo(10, 5)).isEmpty();

    refunds.mined(ID, TRANSACTION, 10);
    assertThat(refunds.minedUpTo(9, 5)).isEmpty();
    assertThat(refunds.minedUpTo(10, 5)).extracting(Refund::id).containsExactly(ID);

    assertThat(refunds.end(ID, "CONFIRMED", "", NOW)).isTrue();
    assertThat(refunds.end(ID, "FAILED", "too late", NOW)).isFalse();
    refunds.mined(ID, TRANSACTION, 10);
    assertThat(refunds.minedUpTo(10, 5)).isEmpty();
  }

  private static RefundAuthorized authorized() {
    var key = SigningKey.of("0x%064x".formatted(7));
    var payer = key.address();
    var other = Address.of("0x%040x".formatted(5));
    var config = new ChannelConfig(payer, payer, other, other, other, 900, Bytes32.ZERO);
    var channel = ChannelId.of("0x" + "c1".repeat(32));
    var voucher = new Voucher(channel, Amount.of(10));
    return new RefundAuthorized(
        ID,
        channel,
        config,
        new SignedVoucher(voucher, key.sign(new byte[32])),
        Amount.of(5),
        Amount.of(5),
        NOW,
        Optional.empty());
  }
}
