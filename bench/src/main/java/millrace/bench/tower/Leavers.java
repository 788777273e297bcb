package millrace.bench.tower;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.bench.claims.Escrow;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevChain;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import tools.jackson.databind.JsonNode;

/// Payers with a deposit who have spent some of it and then want all of it back.
final class Leavers {
  static final long DELAY_SECONDS = 900;

  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final long DEPOSIT = 25_000_000;
  private static final long OWED = 12_345_678;

  private final DevChain chain;
  private final ChannelsDomain domain;
  private final List<ChannelConfig> configs = new ArrayList<>();
  private final List<SignedVoucher> vouchers = new ArrayList<>();
  private int left;

  Leavers(DevChain chain, int count) throws InterruptedException {
    this.chain = chain;
    var deployed = chain.deployment();
    domain = new ChannelsDomain(BigInteger.valueOf(deployed.chainId()), deployed.channels());
    for (int i = 1; i <= count; i++) add(i);
    new Escrow(deployed).fill(channels(), DEPOSIT);
    chain.rpc("anvil_autoImpersonateAccount", true);
    for (var config : configs) chain.setBalance(config.payer(), BigInteger.TEN.pow(18));
  }

  private void add(int number) {
    var key = SigningKey.of(Bytes32.of(Keccak.hash(BigInteger.valueOf(number).toByteArray())));
    var deployed = chain.deployment();
    var config =
        new ChannelConfig(
            key.address(),
            key.address(),
            deployed.vault(),
            deployed.vault(),
            deployed.token(),
            DELAY_SECONDS,
            Bytes32.ZERO);
    var voucher = new Voucher(domain.channelId(config), Amount.of(OWED));
    configs.add(config);
    vouchers.add(new SignedVoucher(voucher, key.sign(domain.digest(voucher))));
  }

  List<ChannelConfig> configs() {
    return configs;
  }

  List<SignedVoucher> vouchers() {
    return vouchers;
  }

  List<ChannelId> channels() {
    return vouchers.stream().map(signed -> signed.voucher().channelId()).toList();
  }

  static Amount owed() {
    return Amount.of(OWED);
  }

  Address contract() {
    return chain.deployment().channels();
  }

  int gone() {
    return left;
  }

  int waiting() {
    return configs.size() - left;
  }

  /// What one of them uses of a block.
  long gas() {
    var estimate = chain.rpc("eth_estimateGas", transaction(configs.get(left), new HashMap<>()));
    return Long.decode(estimate.asString());
  }

  /// The next ones ask for their money, and offer what wallets offer: twice the base fee and a tip.
  void leave(int count, long gas, BigInteger baseFeeWei) {
    int end = Math.min(configs.size(), left + count);
    for (; left < end; left++) {
      var offer = new HashMap<String, Object>();
      offer.put("gas", hex(BigInteger.valueOf(gas)));
      offer.put("maxFeePerGas", hex(baseFeeWei.shiftLeft(1).add(GWEI)));
      offer.put("maxPriorityFeePerGas", hex(GWEI));
      JsonNode hash = chain.rpc("eth_sendTransaction", transaction(configs.get(left), offer));
      if (!hash.isString()) throw new IllegalStateException("the chain says " + hash);
    }
  }

  private Map<String, Object> transaction(ChannelConfig config, Map<String, Object> offer) {
    offer.put("from", config.payer().toString());
    offer.put("to", chain.deployment().channels().toString());
    offer.put("data", ContractCalls.initiateWithdraw(config, Amount.of(DEPOSIT)).toString());
    return offer;
  }

  private static String hex(BigInteger value) {
    return "0x" + value.toString(16);
  }
}
