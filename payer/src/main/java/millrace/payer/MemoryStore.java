package millrace.payer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import millrace.protocol.type.ChannelId;

/// Forgets everything with the process. What is then lost can be had back by [Payer#recover].
public final class MemoryStore implements PayerStore {
  private final Map<ChannelId, PayerChannel> channels = new ConcurrentHashMap<>();
  private final Map<ChannelId, Semaphore> locks = new ConcurrentHashMap<>();

  @Override
  public Optional<PayerChannel> load(ChannelId id) {
    return Optional.ofNullable(channels.get(id));
  }

  @Override
  public void save(PayerChannel channel) {
    channels.put(channel.id(), channel);
  }

  @Override
  public List<PayerChannel> all() {
    return List.copyOf(channels.values());
  }

  @Override
  public Held hold(ChannelId id) throws InterruptedException {
    var lock = locks.computeIfAbsent(id, _ -> new Semaphore(1));
    lock.acquire();
    return lock::release;
  }
}
