package millrace.bench.micro;

import java.math.BigInteger;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// The payer's side of one channel: signs one payment after the other.
final class PayingChannel {
  static final Amount BALANCE = Amount.of(1_000_000_000_000L);

  private static final Amount PRICE = Amount.of(100);
  private static final MerchantId MERCHANT = new MerchantId("mer_" + "0".repeat(26));

  private final HubTerms terms;
  private final SigningKey payer;
  private final ChannelConfig config;
  private final ChannelId id;
  private final long number;
  private Amount ceiling = Amount.ZERO;
  private long payments;

  private PayingChannel(HubTerms terms, long number) {
    this.terms = terms;
    this.number = number;
    payer = SigningKey.of(bytes32(number));
    config =
        new ChannelConfig(
            payer.address(),
            payer.address(),
            terms.vault(),
            terms.vault(),
            terms.token().address(),
            terms.withdrawDelaySeconds(),
            Bytes32.ZERO);
    id = terms.domain().channelId(config);
  }

  /// @param number tells payers apart
  static PayingChannel of(HubTerms terms, long number) {
    return new PayingChannel(terms, number);
  }

  ChannelId id() {
    return id;
  }

  ChannelConfig config() {
    return config;
  }

  PaymentCommand next() {
    ceiling = ceiling.plus(PRICE);
    payments++;
    var name = "%013d%013d".formatted(number, payments);
    var voucher = new Voucher(id, ceiling);
    return new Charge(
        new PaymentRequest(
            new PaymentId("pay_" + name),
            MERCHANT,
            config,
            new SignedVoucher(voucher, payer.sign(terms.domain().digest(voucher))),
            PRICE,
            "key-" + name,
            "print-" + name,
            "/quote"));
  }

  private static Bytes32 bytes32(long number) {
    return Bytes32.of("0x%064x".formatted(BigInteger.valueOf(number)));
  }
}
