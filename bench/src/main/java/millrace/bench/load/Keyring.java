package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.IntStream;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentRequirements;

/// The payers of a seller. Their keys follow from its name and a number, so that two processes know
/// the same channels without telling each other.
public final class Keyring {
  private Keyring() {}

  /// The terms of the payers' channels.
  public static List<ChannelConfig> channels(PaymentRequirements offer, String seller, int count) {
    return IntStream.range(0, count)
        .mapToObj(number -> PayerKeys.of(key(seller, number)).channelFor(offer, Bytes32.ZERO))
        .toList();
  }

  static List<Purse> purses(PaymentRequirements offer, String seller, int count) {
    return IntStream.range(0, count).mapToObj(number -> purse(offer, key(seller, number))).toList();
  }

  private static SigningKey key(String seller, int number) {
    return SigningKey.of(Bytes32.of(Keccak.hash((seller + " " + number).getBytes(UTF_8))));
  }

  private static Purse purse(PaymentRequirements offer, SigningKey key) {
    var keys = PayerKeys.of(key);
    return new Purse(
        key,
        keys.deployment().domain(offer.network()),
        keys.channelFor(offer, Bytes32.ZERO),
        offer.amount().units().longValueExact());
  }
}
