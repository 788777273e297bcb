package millrace.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.Voucher;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// One payer's channel and the vouchers that were signed for it. All its payments have one price,
/// so that vouchers which a phase leaves unused serve the next one.
final class Purse {
  private final SigningKey key;
  private final ChannelsDomain domain;
  private final ChannelConfig config;
  private final ChannelId id;
  private final long price;
  private final List<byte[]> signatures = new ArrayList<>();
  /// Another thread may look at it while payments go on.
  private final AtomicInteger paid = new AtomicInteger();

  Purse(SigningKey key, ChannelsDomain domain, ChannelConfig config, long price) {
    this.key = key;
    this.domain = domain;
    this.config = config;
    this.id = domain.channelId(config);
    this.price = price;
  }

  SigningKey key() {
    return key;
  }

  ChannelConfig config() {
    return config;
  }

  ChannelId id() {
    return id;
  }

  /// How many payments were acknowledged.
  int paid() {
    return paid.get();
  }

  /// What the hub must know this channel to owe.
  long owed() {
    return paid() * price;
  }

  void acknowledged(int payments) {
    paid.addAndGet(payments);
  }

  /// Signs until so many payments more can be made without a signature.
  ///
  /// @return how many signatures that took
  int sign(int payments) {
    int missing = paid() + payments - signatures.size();
    for (int i = 0; i < missing; i++) {
      var voucher = new Voucher(id, Amount.of((signatures.size() + 1) * price));
      signatures.add(key.sign(domain.digest(voucher)).toArray());
    }
    return Math.max(missing, 0);
  }

  /// Whether there is a voucher for the payment after the next ones.
  ///
  /// @param ahead 0 for the next payment
  boolean has(int ahead) {
    return paid() + ahead < signatures.size();
  }

  long ceiling(int ahead) {
    return (paid() + ahead + 1) * price;
  }

  byte[] signature(int ahead) {
    return signatures.get(paid() + ahead);
  }
}
