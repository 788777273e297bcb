package millrace.acceptance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Extensions;
import millrace.protocol.x402.PayerKeys;
import millrace.protocol.x402.PaymentPayload;
import millrace.protocol.x402.PaymentRequirements;
import millrace.testkit.Persona;

/// Alice's channels in one performance of a script, and the names by which answers of different
/// performances can be compared.
final class Wallet {
  static final Amount BALANCE = Amount.of(300);
  private static final Pattern SIGNATURE = Pattern.compile("0x[0-9a-f]{130}");
  private static final Pattern PAYMENT = Pattern.compile("pay_[0-9a-z]{26}");

  private final Map<Long, PaymentRequirements> offers;
  private final PayerKeys alice = PayerKeys.of(Persona.ALICE.key());
  private final PayerKeys mallory =
      new PayerKeys(Persona.ALICE.key(), Persona.MALLORY.key(), Deployment.CANONICAL);
  private final List<ChannelConfig> channels = new ArrayList<>();
  private final List<ChannelId> ids = new ArrayList<>();

  /// Steps of several channels are made at the same time.
  private final Map<String, String> signatures = new ConcurrentHashMap<>();

  private final Map<String, String> payments = new HashMap<>();

  /// @param salt of the first channel; the others count on
  Wallet(Map<Long, PaymentRequirements> offers, int channels, long salt) {
    this.offers = offers;
    var any = offers.values().iterator().next();
    for (int i = 0; i < channels; i++) {
      var config = alice.channelFor(any, Bytes32.of("0x%064x".formatted(salt + i)));
      this.channels.add(config);
      ids.add(Deployment.CANONICAL.domain(any.network()).channelId(config));
    }
  }

  List<ChannelId> ids() {
    return ids;
  }

  String voucher(int channel, long price, long ceiling) {
    return header(alice, channel, price, ceiling);
  }

  String forged(int channel, long price, long ceiling) {
    return header(mallory, channel, price, ceiling);
  }

  private String header(PayerKeys keys, int channel, long price, long ceiling) {
    var offer = Optional.ofNullable(offers.get(price)).orElseThrow();
    var payload = keys.voucher(offer, channels.get(channel), Amount.of(ceiling));
    signatures.put(
        payload.voucher().signature().toString(), "voucher %d/%d".formatted(channel, ceiling));
    return new PaymentPayload(offer, payload, Optional.empty(), Extensions.NONE).toHeader();
  }

  /// The text with names in the place of what is new in every performance.
  String named(String text) {
    var plain = text;
    for (int i = 0; i < ids.size(); i++) {
      plain = plain.replace(ids.get(i).toString(), "channel " + i);
    }
    plain =
        SIGNATURE
            .matcher(plain)
            .replaceAll(match -> signatures.getOrDefault(match.group(), match.group()));
    return PAYMENT
        .matcher(plain)
        .replaceAll(
            match -> payments.computeIfAbsent(match.group(), _ -> "payment " + payments.size()));
  }
}
