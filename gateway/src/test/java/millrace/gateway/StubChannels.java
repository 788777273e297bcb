package millrace.gateway;

import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.testkit.Persona;

/// How channels stand: Alice leaves all of them and ten units are exposed, unless a test says
/// otherwise of one.
final class StubChannels {
  private static final Amount CHARGED = Amount.of(30);

  private final Address token;
  private final Amount balance;
  private final Map<ChannelId, ChannelStanding> told = new ConcurrentHashMap<>();

  StubChannels(Address token, Amount balance) {
    this.token = token;
    this.balance = balance;
  }

  void say(ChannelId id, ChannelStanding.Status status, long exposed, Instant createdAt) {
    told.put(id, standing(id, status, exposed, Optional.of(createdAt)));
  }

  ChannelStanding[] standings(ChannelId[] ids) {
    return Arrays.stream(ids)
        .map(
            id ->
                Optional.ofNullable(told.get(id))
                    .orElseGet(
                        () -> standing(id, ChannelStanding.Status.FROZEN, 10, Optional.empty())))
        .toArray(ChannelStanding[]::new);
  }

  private ChannelStanding standing(
      ChannelId id, ChannelStanding.Status status, long exposed, Optional<Instant> createdAt) {
    return new ChannelStanding(
        id,
        Persona.ALICE.address(),
        token,
        status,
        balance,
        Amount.ZERO,
        CHARGED,
        CHARGED.minus(Amount.of(exposed)),
        Amount.of(exposed),
        Optional.empty(),
        createdAt);
  }
}
