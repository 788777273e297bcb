package millrace.watchtower.voucher;

import java.util.Optional;
import millrace.messaging.event.ChannelEvent.Claimable;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.type.Address;

/// Whether the contract would pay on what an event carries. The tower takes nobody's word for it,
/// the hub's least of all: a voucher that cannot be claimed would push out one that can.
final class Examination {
  private final ChannelsDomain domain;
  private final Address vault;

  Examination(ChannelsDomain domain, Address vault) {
    this.domain = domain;
    this.vault = vault;
  }

  /// Why a voucher was turned away.
  enum Fault {
    /// It came under another channel's name, or its terms are not those the id was made from.
    OTHER_CHANNEL,
    /// Claims of this channel would not pay this hub.
    OTHER_RECEIVER,
    CHARGED_ABOVE_CEILING,
    DUE_ABOVE_CHARGED,
    SIGNATURE
  }

  /// Empty when there is nothing wrong with it.
  ///
  /// @param key the channel that the event says it is of
  Optional<Fault> faultOf(String key, Claimable payment) {
    var voucher = payment.voucher().voucher();
    if (!key.equals(payment.channelId().toString())
        || !voucher.channelId().equals(payment.channelId())
        || !domain.channelId(payment.config()).equals(payment.channelId())) {
      return Optional.of(Fault.OTHER_CHANNEL);
    }
    if (!payment.config().receiver().equals(vault)) return Optional.of(Fault.OTHER_RECEIVER);
    if (payment.charged().exceeds(voucher.ceiling())) {
      return Optional.of(Fault.CHARGED_ABOVE_CEILING);
    }
    if (payment.claimTarget().exceeds(payment.charged())) {
      return Optional.of(Fault.DUE_ABOVE_CHARGED);
    }
    if (domain.verify(payment.voucher(), payment.config().payerAuthorizer()).isEmpty()) {
      return Optional.of(Fault.SIGNATURE);
    }
    return Optional.empty();
  }
}
