package millrace.gateway;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.ChannelPayload;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequirements;
import millrace.testkit.Persona;

/// Alice, with one channel per test.
record Payer(PayerKeys keys, Bytes32 salt) {
  private static final AtomicInteger CHANNELS = new AtomicInteger();

  static Payer fresh() {
    byte[] salt = new byte[32];
    int number = CHANNELS.incrementAndGet();
    salt[30] = (byte) (number >> 8);
    salt[31] = (byte) number;
    return new Payer(PayerKeys.of(Persona.ALICE.key()), Bytes32.of(salt));
  }

  static PaymentRequirements offer(long price) {
    return GatewayFixture.offers().of(Amount.of(price), GatewayFixture.resource()).requirements();
  }

  ChannelConfig channel() {
    return keys.channelFor(offer(1), salt);
  }

  ChannelId channelId() {
    return GatewayFixture.TERMS.domain().channelId(channel());
  }

  String voucher(long price, long ceiling) {
    return header(price, keys.voucher(offer(price), channel(), Amount.of(ceiling)));
  }

  String named(long price, long ceiling, String id) {
    var payload = keys.voucher(offer(price), channel(), Amount.of(ceiling));
    var extensions = Extensions.OFFER.identifiedBy(new PaymentIdentifier(id));
    return new PaymentPayload(offer(price), payload, Optional.empty(), extensions).toHeader();
  }

  String deposit(long price, long ceiling, long amount) {
    return header(
        price,
        keys.deposit(
            offer(price), channel(), Amount.of(ceiling), Amount.of(amount), salt, Instant.now()));
  }

  String refund(long price, long charged) {
    return header(
        price, keys.refund(offer(price), channel(), Amount.of(charged), Optional.empty()));
  }

  static String header(long price, ChannelPayload payload) {
    return new PaymentPayload(offer(price), payload, Optional.empty(), Extensions.NONE).toHeader();
  }
}
