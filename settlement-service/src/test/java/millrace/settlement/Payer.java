package millrace.settlement;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.contract.DepositAuthorization;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payer with one channel, and what channel-service would say of it.
final class Payer {
  private static final AtomicLong NUMBERS = new AtomicLong(1_000);
  private static final BigInteger FOREVER = BigInteger.valueOf(4_000_000_000L);

  private final DevChain chain;
  private final SigningKey key;
  private final BigInteger chainId;
  private long sequence;

  /// @param funds tokens the payer holds
  Payer(DevChain chain, long funds) {
    this.chain = chain;
    this.chainId = BigInteger.valueOf(chain.deployment().chainId());
    this.key = SigningKey.of("0x%064x".formatted(NUMBERS.incrementAndGet()));
    chain.fund(key.address(), Amount.of(funds));
  }

  SigningKey key() {
    return key;
  }

  ChannelConfig config() {
    var deployed = chain.deployment();
    return new ChannelConfig(
        key.address(),
        key.address(),
        deployed.vault(),
        deployed.vault(),
        deployed.token(),
        900,
        Bytes32.ZERO);
  }

  ChannelId channel() {
    return domain().channelId(config());
  }

  DepositAuthorized authorize(long amount) {
    return authorize(amount, FOREVER);
  }

  DepositAuthorized authorize(long amount, BigInteger validBefore) {
    var deployed = chain.deployment();
    var salt = BigInteger.valueOf(NUMBERS.incrementAndGet());
    var nonce = TokenDomain.depositNonce(channel(), salt);
    var token =
        new TokenDomain(deployed.tokenName(), deployed.tokenVersion(), chainId, deployed.token());
    var digest =
        token.digest(
            key.address(),
            deployed.collector(),
            Amount.of(amount),
            BigInteger.ZERO,
            validBefore,
            nonce);
    return new DepositAuthorized(
        channel(),
        config(),
        nonce,
        Amount.of(amount),
        BigInteger.ZERO,
        validBefore,
        salt,
        key.sign(digest),
        Instant.now());
  }

  static DepositAuthorization authorizationOf(DepositAuthorized event) {
    return new DepositAuthorization(
        event.validAfter(), event.validBefore(), event.salt(), event.signature());
  }

  SignedVoucher voucher(long ceiling) {
    var voucher = new Voucher(channel(), Amount.of(ceiling));
    return new SignedVoucher(voucher, key.sign(domain().digest(voucher)));
  }

  /// All that was charged so far is `charged`.
  PaymentAccepted pay(long charged) {
    return pay(charged, voucher(charged));
  }

  PaymentAccepted pay(long charged, SignedVoucher voucher) {
    return pay(charged, voucher, charged);
  }

  /// Of what is charged, only `due` may be claimed.
  PaymentAccepted pay(long charged, SignedVoucher voucher, long due) {
    sequence++;
    return new PaymentAccepted(
        new PaymentId("pay_%026d".formatted(NUMBERS.incrementAndGet())),
        channel(),
        config(),
        new MerchantId("mer_%026d".formatted(1)),
        Amount.of(1),
        Amount.of(charged),
        voucher,
        sequence,
        "/resource",
        Instant.now(),
        Optional.of(Amount.of(due)));
  }

  private ChannelsDomain domain() {
    return new ChannelsDomain(chainId, chain.deployment().channels());
  }
}
