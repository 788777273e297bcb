package millrace.bench.gas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.chain.contract.DepositAuthorization;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.embedded.DevDeployment;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// A hub on a development chain, its payers and its merchants, all numbered from 0.
record Scene(DevChain chain) {
  static final Amount DEPOSIT = Amount.of(25_000_000);
  static final long DELAY_SECONDS = 900;

  private static final BigInteger FOREVER = BigInteger.valueOf(4_000_000_000L);
  private static final String ENOUGH_GAS = "0xf00000";
  private static final int TRIES = 600;

  private DevDeployment deployed() {
    return chain.deployment();
  }

  Address token() {
    return deployed().token();
  }

  SigningKey payer(int number) {
    return SigningKey.of(Bytes32.of(Keccak.hash(("payer " + number).getBytes(UTF_8))));
  }

  /// With as few zero bytes as real addresses have, for a zero byte of calldata is cheaper.
  Address merchant(int number) {
    byte[] hash = Keccak.hash(("merchant " + number).getBytes(UTF_8));
    return Address.of(Arrays.copyOf(hash, 20));
  }

  ChannelConfig channelOf(int payer) {
    var address = payer(payer).address();
    var vault = deployed().vault();
    return new ChannelConfig(address, address, vault, vault, token(), DELAY_SECONDS, Bytes32.ZERO);
  }

  ClaimRow row(int payer, long ceiling, long total) {
    var config = channelOf(payer);
    var voucher = new Voucher(domain().channelId(config), Amount.of(ceiling));
    var signature = payer(payer).sign(domain().digest(voucher));
    return new ClaimRow(config, new SignedVoucher(voucher, signature), Amount.of(total));
  }

  /// Deposits on the payer's signed authorisation, as the hub relays it.
  long deposit(int payer) throws InterruptedException {
    chain.mint(payer(payer).address(), DEPOSIT.times(2)); // To spend all would be cheaper.
    var config = channelOf(payer);
    var salt = new BigInteger(1, Keccak.hash(("salt " + payer).getBytes(UTF_8)));
    var nonce = TokenDomain.depositNonce(domain().channelId(config), salt);
    var token =
        new TokenDomain(
            deployed().tokenName(), deployed().tokenVersion(), chainId(), deployed().token());
    var digest =
        token.digest(
            payer(payer).address(),
            deployed().collector(),
            DEPOSIT,
            BigInteger.ZERO,
            FOREVER,
            nonce);
    var authorization =
        new DepositAuthorization(BigInteger.ZERO, FOREVER, salt, payer(payer).sign(digest));
    return toChannels(
        hub(), ContractCalls.deposit(config, DEPOSIT, deployed().collector(), authorization));
  }

  Address hub() {
    return DevAccount.SETTLEMENT.address();
  }

  long toVault(Bytes data) throws InterruptedException {
    return send(hub(), deployed().vault(), data);
  }

  long settle() throws InterruptedException {
    return toChannels(hub(), ContractCalls.settle(deployed().vault(), token()));
  }

  long toChannels(Address from, Bytes data) throws InterruptedException {
    return send(from, deployed().channels(), data);
  }

  /// A payer sends by itself, for which it needs ether.
  long asPayer(int payer, Bytes data) throws InterruptedException {
    var address = payer(payer).address();
    chain.fund(address, Amount.ZERO);
    chain.rpc("anvil_impersonateAccount", address.toString());
    return toChannels(address, data);
  }

  /// As on a chain in use, neither escrow nor vault begins with nothing.
  void giveTheContractsTokens() {
    chain.mint(deployed().channels(), DEPOSIT);
    chain.mint(deployed().vault(), DEPOSIT.times(100));
  }

  private long send(Address from, Address to, Bytes data) throws InterruptedException {
    var transaction =
        Map.of(
            "from", from.toString(),
            "to", to.toString(),
            "data", data.toString(),
            "gas", ENOUGH_GAS);
    var hash = chain.rpc("eth_sendTransaction", transaction).asString();
    for (int tries = 0; tries < TRIES; tries++) {
      var receipt = chain.rpc("eth_getTransactionReceipt", hash);
      if (receipt.isObject()) {
        if (!"0x1".equals(receipt.path("status").asString())) {
          throw new IllegalStateException("a transaction failed: " + receipt);
        }
        return Long.decode(receipt.path("gasUsed").asString());
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("not mined: " + hash);
  }

  private ChannelsDomain domain() {
    return new ChannelsDomain(chainId(), deployed().channels());
  }

  private BigInteger chainId() {
    return BigInteger.valueOf(deployed().chainId());
  }
}
