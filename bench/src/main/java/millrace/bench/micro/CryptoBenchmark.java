package millrace.bench.micro;

import fr.acinq.secp256k1.Secp256k1;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Open;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.VerifiedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.Secp256k1Keys;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Signature;
import millrace.protocol.x402.Deployment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What one payment costs the processor, without HTTP and without PostgreSQL.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CryptoBenchmark {
  private static final Amount PRICE = Amount.of(100);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final SigningKey key = SigningKey.of("0x" + "11".repeat(32));
  private final ChannelsDomain domain =
      new ChannelsDomain(BigInteger.valueOf(31_337), Deployment.CANONICAL.channels());
  private final ChannelConfig config =
      new ChannelConfig(
          key.address(),
          key.address(),
          Address.of("0x" + "aa".repeat(20)),
          Address.of("0x" + "aa".repeat(20)),
          Address.of("0x" + "bb".repeat(20)),
          900,
          Bytes32.ZERO);
  private final Voucher voucher = new Voucher(domain.channelId(config), PRICE);
  private final byte[] digest = domain.digest(voucher);
  private final Signature signature = key.sign(digest);
  private final byte[] publicKey = Secp256k1.get().pubkeyCreate(key.secret().toArray());
  private final SignedVoucher signed = new SignedVoucher(voucher, signature);
  private final VerifiedVoucher verified = domain.verify(signed, config).orElseThrow();
  private final Channel channel = new Open(funded());
  private final PaymentId payment = new PaymentId("pay_00000000000000000000000001");

  @Benchmark
  public byte[] digest() {
    return domain.digest(voucher);
  }

  @Benchmark
  public ChannelId channelId() {
    return domain.channelId(config);
  }

  @Benchmark
  public Optional<Address> recover() {
    return Secp256k1Keys.recover(digest, signature);
  }

  /// What recovering is compared with, and not what a payment does: it takes no notice of `v`.
  @Benchmark
  public boolean verifyByKnownKey() {
    return Secp256k1.get().verify(signature.compact(), digest, publicKey);
  }

  @Benchmark
  public Optional<VerifiedVoucher> verify() {
    return domain.verify(signed, config.payerAuthorizer());
  }

  @Benchmark
  public Signature sign() {
    return key.sign(digest);
  }

  @Benchmark
  public Decision decision() {
    return channel.on(new VoucherReceived(verified, payment, PRICE, NOW));
  }

  private static Account funded() {
    var empty = Account.EMPTY;
    return new Account(
        Amount.of(1_000_000),
        empty.claimed(),
        empty.charged(),
        empty.reservedRefund(),
        empty.refundNonce(),
        empty.sequence(),
        empty.newest(),
        empty.publishedCeiling(),
        empty.reservation(),
        1,
        empty.lastPaidAt(),
        empty.lastRefundAt(),
        empty.early());
  }
}
