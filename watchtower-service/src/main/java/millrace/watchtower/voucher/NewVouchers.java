package millrace.watchtower.voucher;

import java.util.Collection;
import millrace.protocol.type.ChannelId;

/// Who wants to know that the tower holds newer vouchers: more may be owed now than a claim under
/// way brings home. Told in the transaction that stores them.
public interface NewVouchers {
  void kept(Collection<ChannelId> channels);
}
