package millrace.payer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;

/// The chain as the hub's books have it.
final class FakeChain implements PayerChain {
  private final FakeHub hub;
  final List<Amount> announced = new ArrayList<>();
  Optional<Withdrawal> withdrawal = Optional.empty();
  boolean down;

  FakeChain(FakeHub hub) {
    this.hub = hub;
  }

  @Override
  public OnChain read(ChannelId id) throws IOException {
    if (down) throw new IOException("the node is down");
    return new OnChain(hub.balance, hub.claimed, withdrawal);
  }

  @Override
  public Bytes32 initiateWithdraw(ChannelConfig config, Amount amount) throws IOException {
    if (down) throw new IOException("the node is down");
    announced.add(amount);
    return FakeHub.TRANSACTION;
  }

  @Override
  public Bytes32 finalizeWithdraw(ChannelConfig config) throws IOException {
    if (announced.isEmpty()) throw new ChainRefusal("WithdrawalNotPending");
    hub.balance = hub.balance.minus(announced.removeLast());
    return FakeHub.TRANSACTION;
  }
}
