package millrace.gateway.hub;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// The replicas of channel-service. Calls go to them in turn, and a call that got no answer from
/// one is repeated at the next: whichever takes it, the outcome is the same.
final class Replicas {
  private final List<HubConnection> connections;
  private final AtomicInteger turns = new AtomicInteger();

  Replicas(List<HubConnection> connections) {
    this.connections = List.copyOf(connections);
  }

  Turn turn() {
    return new Turn(turns.getAndIncrement());
  }

  void close() {
    connections.forEach(HubConnection::close);
  }

  /// One call and its repeats.
  final class Turn {
    private int place;

    private Turn(int place) {
      this.place = place;
    }

    HubConnection next() {
      return connections.get(Math.floorMod(place++, connections.size()));
    }
  }
}
