package millrace.channel;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicLong;
import millrace.messaging.command.DepositCommand;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.eip712.TokenDomain;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// A payer's side of a channel: the keys and what they sign.
public record TestChannel(HubTerms terms, SigningKey payer, ChannelConfig config, ChannelId id) {
  private static final AtomicLong NUMBERS = new AtomicLong(System.nanoTime());

  /// A payer that no other test knows.
  public static TestChannel of(HubTerms terms) {
    return of(terms, SigningKey.of(bytes32(NUMBERS.incrementAndGet())));
  }

  public static TestChannel of(HubTerms terms, SigningKey payer) {
    var config =
        new ChannelConfig(
            payer.address(),
            payer.address(),
            terms.vault(),
            terms.vault(),
            terms.token().address(),
            terms.withdrawDelaySeconds(),
            bytes32(NUMBERS.incrementAndGet()));
    return new TestChannel(terms, payer, config, terms.domain().channelId(config));
  }

  public SignedVoucher voucher(long ceiling) {
    return voucher(ceiling, payer);
  }

  public SignedVoucher voucher(long ceiling, SigningKey signer) {
    var voucher = new Voucher(id, Amount.of(ceiling));
    return new SignedVoucher(voucher, signer.sign(terms.domain().digest(voucher)));
  }

  public DepositCommand deposit(long amount, long salt) {
    return deposit(amount, salt, payer, 4_000_000_000L);
  }

  public DepositCommand deposit(long amount, long salt, SigningKey signer, long validBefore) {
    var token = terms.token();
    var domain = new TokenDomain(token.name(), token.version(), terms.chainId(), token.address());
    var digest =
        domain.digest(
            config.payer(),
            terms.collector(),
            Amount.of(amount),
            BigInteger.ZERO,
            BigInteger.valueOf(validBefore),
            nonce(salt));
    return new DepositCommand(
        config,
        voucher(1),
        Amount.of(amount),
        BigInteger.ZERO,
        BigInteger.valueOf(validBefore),
        BigInteger.valueOf(salt),
        signer.sign(digest));
  }

  public Bytes32 nonce(long salt) {
    return TokenDomain.depositNonce(id, BigInteger.valueOf(salt));
  }

  public static Bytes32 bytes32(long number) {
    return Bytes32.of("0x%064x".formatted(BigInteger.valueOf(number)));
  }
}
