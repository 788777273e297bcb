package millrace.payer;

import java.util.List;
import java.util.Optional;
import millrace.protocol.type.ChannelId;

/// Where a payer remembers its channels.
public interface PayerStore {
  Optional<PayerChannel> load(ChannelId id);

  /// Durable when it returns: nothing that was signed leaves before.
  void save(PayerChannel channel);

  List<PayerChannel> all();

  /// Waits for the only right to use the channel. One request at a time: the next voucher depends
  /// on what the last one was charged.
  Held hold(ChannelId id) throws InterruptedException;

  /// The right to use one channel, until closed.
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
