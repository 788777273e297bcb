package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.channel.ChannelService;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.embedded.DevDeployment;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.ExposureView;
import millrace.messaging.command.LedgerView;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.settlement.SettlementService;
import millrace.testkit.TestChain;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.generated.Uint256;

/// A deposit is used before it is final, and then the chain takes it back.
class EarlyCreditIT {
  private static final long DEPOSIT = 30_000;
  private static final long LIMIT = 12_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final BigInteger FOREVER = BigInteger.valueOf(4_000_000_000L);

  private final DevChain chain = TestChain.start();
  private final SigningKey payer = Merchant.fresh("early");
  private final TestDatabase settlementDatabase = TestPostgres.freshDatabase();
  private final String settlementGroup = TestKafka.uniqueName("early-settlement");
  private int payments;

  @Test
  void aDepositThatIsReorganisedAwayCostsNoMoreThanTheLimit() throws Exception {
    chain.fund(payer.address(), Amount.of(DEPOSIT));
    chain.mine(10); // The contracts and the payer's money are in a final block.
    var settlement = settlement();
    try (var ledger = ChannelService.start(ledgerProperties())) {
      Eventually.holds(
          "the deposit is mined and used before it is final",
          PATIENCE,
          () -> {
            ask(ledger, "/internal/deposits", deposit(), DepositOutcome.class);
            return exposure(ledger) == LIMIT;
          });
      assertThat(chain.tokenBalance(deployed().channels())).isEqualTo(Amount.of(DEPOSIT));
      assertThat(pay(ledger, LIMIT + 1, LIMIT + 1)).isEqualTo(RefusalReason.EXCEEDS_BALANCE.name());
      assertThat(pay(ledger, LIMIT, LIMIT)).isEqualTo("CHARGED");
      assertThat(pay(ledger, LIMIT + 1, 1)).isEqualTo(RefusalReason.EXCEEDS_BALANCE.name());

      settlement.close();
      chain.reorg(1);
      assertThat(chain.tokenBalance(deployed().channels())).isEqualTo(Amount.ZERO);
      spendElsewhere();
      settlement = settlement();
      chain.mine(10);

      Eventually.holds(
          "a final block shows that nothing is there",
          PATIENCE,
          () -> pay(ledger, LIMIT + 1, 1).equals(RefusalReason.SHORTFALL.name()));
      var books =
          MessagingJson.mapper()
              .treeToValue(
                  Rest.json(Rest.get(uri(ledger, "/internal/ledger"), Map.of())), LedgerView.class);
      assertThat(books.shortfall()).isEqualTo(LIMIT);
      assertThat(books.merchants()).isEqualTo(LIMIT);
      assertThat(exposure(ledger)).as("it goes on counting").isEqualTo(LIMIT);
      Progress.say("early credit: %d mined and lost, %d of it used", DEPOSIT, LIMIT);
    } finally {
      settlement.close();
      chain.close();
    }
  }

  private ConfigurableApplicationContext settlement() {
    var properties = properties(settlementDatabase, settlementGroup);
    properties.put("millrace.chain.rpc-urls", chain.rpcUrl());
    properties.put("millrace.chain.confirmations", 5);
    properties.put("millrace.chain.poll-interval", "100ms");
    properties.put("millrace.settlement.key", DevAccount.SETTLEMENT.privateKey());
    return SettlementService.start(properties);
  }

  private Map<String, Object> ledgerProperties() {
    var properties =
        properties(TestPostgres.freshDatabase(), TestKafka.uniqueName("early-channel"));
    properties.put("millrace.channel.deposit.early-per-payer", LIMIT);
    properties.put("millrace.channel.deposit.early-total", 10 * LIMIT);
    return properties;
  }

  private Map<String, Object> properties(TestDatabase database, String group) {
    var properties = new HashMap<String, Object>();
    properties.put("server.port", 0);
    properties.put("spring.datasource.url", database.jdbcUrl());
    properties.put("spring.datasource.username", database.user());
    properties.put("spring.datasource.password", database.password());
    properties.put("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers());
    properties.put("spring.kafka.consumer.group-id", group);
    properties.put("millrace.hub.vault", deployed().vault());
    properties.put("millrace.hub.token.address", deployed().token());
    return properties;
  }

  /// The same every time, so that asking again tells what became of it.
  private DepositCommand deposit() {
    var token =
        new TokenDomain(
            deployed().tokenName(), deployed().tokenVersion(), chainId(), deployed().token());
    var digest =
        token.digest(
            payer.address(),
            deployed().collector(),
            Amount.of(DEPOSIT),
            BigInteger.ZERO,
            FOREVER,
            TokenDomain.depositNonce(channel(), BigInteger.ONE));
    return new DepositCommand(
        config(),
        voucher(1),
        Amount.of(DEPOSIT),
        BigInteger.ZERO,
        FOREVER,
        BigInteger.ONE,
        payer.sign(digest));
  }

  /// So that the deposit cannot be brought again.
  private void spendElsewhere() {
    var transfer =
        new Function(
            "transfer",
            List.of(
                new org.web3j.abi.datatypes.Address("0x%040x".formatted(0xe15e)),
                new Uint256(DEPOSIT)),
            List.of());
    chain.rpc("anvil_impersonateAccount", payer.address().toString());
    chain.rpc(
        "eth_sendTransaction",
        Map.of(
            "from", payer.address().toString(),
            "to", deployed().token().toString(),
            "data", FunctionEncoder.encode(transfer)));
    assertThat(chain.tokenBalance(payer.address())).isEqualTo(Amount.ZERO);
  }

  /// The status of the payment, or why it was refused.
  private String pay(ConfigurableApplicationContext ledger, long ceiling, long price)
      throws Exception {
    var id = "%026d".formatted(++payments);
    var request =
        new PaymentRequest(
            new PaymentId("pay_" + id),
            new MerchantId("mer_%026d".formatted(1)),
            config(),
            voucher(ceiling),
            Amount.of(price),
            "key-" + id,
            "print-" + id,
            "/thing");
    var commands = new PaymentCommand[] {new PaymentCommand.Charge(request)};
    var outcomes = ask(ledger, "/internal/payments", commands, PaymentOutcome[].class);
    return switch (outcomes[0]) {
      case PaymentOutcome.Taken taken -> taken.status().name();
      case PaymentOutcome.Refused refused -> refused.reason().name();
    };
  }

  private static long exposure(ConfigurableApplicationContext ledger) throws Exception {
    var answer = Rest.json(Rest.get(uri(ledger, "/internal/exposure"), Map.of()));
    var view = MessagingJson.mapper().treeToValue(answer, ExposureView.class);
    return view.used().units().longValueExact();
  }

  private static <T> T ask(
      ConfigurableApplicationContext service, String path, Object command, Class<T> outcome)
      throws Exception {
    var json = MessagingJson.mapper();
    var answer = Rest.post(uri(service, path), Map.of(), json.writeValueAsString(command));
    return json.readValue(answer.body(), outcome);
  }

  private static URI uri(ConfigurableApplicationContext service, String path) {
    var port = service.getEnvironment().getProperty("local.server.port");
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private SignedVoucher voucher(long ceiling) {
    var voucher = new Voucher(channel(), Amount.of(ceiling));
    return new SignedVoucher(voucher, payer.sign(domain().digest(voucher)));
  }

  private ChannelConfig config() {
    var vault = deployed().vault();
    Address key = payer.address();
    return new ChannelConfig(key, key, vault, vault, deployed().token(), 900, Bytes32.ZERO);
  }

  private ChannelId channel() {
    return domain().channelId(config());
  }

  private ChannelsDomain domain() {
    return new ChannelsDomain(chainId(), deployed().channels());
  }

  private BigInteger chainId() {
    return BigInteger.valueOf(deployed().chainId());
  }

  private DevDeployment deployed() {
    return chain.deployment();
  }
}
