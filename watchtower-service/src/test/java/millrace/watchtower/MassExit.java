package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import millrace.chain.contract.ChannelReader;
import millrace.chain.contract.ChannelReader.ChannelKey;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// Many payers who leave at once. Their deposits are written into the contract's storage: to make
/// them would take longer than everything else.
final class MassExit {
  private static final BigInteger CHANNELS_SLOT = BigInteger.TWO;
  private static final long DEPOSIT = 10_000;

  private final DevChain chain;
  private final ChannelsDomain domain;
  private final List<Leaver> leavers = new ArrayList<>();

  private record Leaver(SigningKey key, ChannelConfig config, long owed) {}

  MassExit(DevChain chain, int count) {
    this.chain = chain;
    var deployed = chain.deployment();
    this.domain = new ChannelsDomain(BigInteger.valueOf(deployed.chainId()), deployed.channels());
    for (int i = 1; i <= count; i++) {
      var key = SigningKey.of(Bytes32.of(Keccak.hash(new byte[] {(byte) (i >> 8), (byte) i})));
      var config =
          new ChannelConfig(
              key.address(),
              key.address(),
              deployed.vault(),
              deployed.vault(),
              deployed.token(),
              Payer.DELAY_SECONDS,
              Bytes32.ZERO);
      leavers.add(new Leaver(key, config, 1_000 + i));
      store(config);
    }
    chain.mint(deployed.channels(), Amount.of(DEPOSIT * count));
  }

  /// Of which nothing is claimed.
  private void store(ChannelConfig config) {
    var id = HexFormat.of().formatHex(domain.channelId(config).toArray());
    var place = Keccak.hash(HexFormat.of().parseHex(id + word(CHANNELS_SLOT)));
    chain.rpc(
        "anvil_setStorageAt",
        chain.deployment().channels().toString(),
        "0x" + HexFormat.of().formatHex(place),
        "0x" + word(BigInteger.valueOf(DEPOSIT)));
    chain.setBalance(config.payer(), BigInteger.TEN.pow(18));
  }

  byte[][] channels() {
    return leavers.stream()
        .map(leaver -> domain.channelId(leaver.config()).toArray())
        .toArray(byte[][]::new);
  }

  List<PaymentAccepted> payments() {
    return leavers.stream().map(this::payment).toList();
  }

  private PaymentAccepted payment(Leaver leaver) {
    var channel = domain.channelId(leaver.config());
    var voucher = new Voucher(channel, Amount.of(leaver.owed()));
    return new PaymentAccepted(
        new PaymentId("pay_01j0payment000000000000001"),
        channel,
        leaver.config(),
        new MerchantId("mer_01j0merchant00000000000001"),
        Amount.of(1),
        Amount.of(leaver.owed()),
        new SignedVoucher(voucher, leaver.key().sign(domain.digest(voucher))),
        1,
        "/",
        Instant.EPOCH);
  }

  /// All of them, as soon as blocks are made.
  void leave() {
    chain.rpc("anvil_autoImpersonateAccount", true);
    for (var leaver : leavers) {
      var data = ContractCalls.initiateWithdraw(leaver.config(), Amount.of(DEPOSIT));
      chain.rpc(
          "eth_sendTransaction",
          Map.of(
              "from", leaver.key().address().toString(),
              "to", chain.deployment().channels().toString(),
              "data", data.toString(),
              "gas", "0x13880"));
    }
  }

  /// How many channels have everything claimed that is owed; nobody more than that.
  long claimed(Rpc rpc) {
    var keys =
        leavers.stream()
            .map(l -> new ChannelKey(domain.channelId(l.config()), Payer.DELAY_SECONDS))
            .toList();
    var states =
        new ChannelReader(rpc, chain.deployment().channels()).states(keys, rpc.head().id());
    long done = 0;
    for (var leaver : leavers) {
      var state = Objects.requireNonNull(states.get(domain.channelId(leaver.config())));
      assertThat(state.claimed()).isIn(Amount.ZERO, Amount.of(leaver.owed()));
      if (!state.claimed().isZero()) done++;
    }
    return done;
  }

  private static String word(BigInteger value) {
    return "%064x".formatted(value);
  }
}
