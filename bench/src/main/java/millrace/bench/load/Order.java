package millrace.bench.load;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;
import java.util.Optional;

/// What the load generator is told, one line of JSON each. A seller is named by who gives the
/// order: channels that were opened with one are not good for another.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Order.Open.class, name = "open"),
  @JsonSubTypes.Type(value = Order.Adopt.class, name = "adopt"),
  @JsonSubTypes.Type(value = Order.Sign.class, name = "sign"),
  @JsonSubTypes.Type(value = Order.Run.class, name = "run")
})
public sealed interface Order {
  String seller();

  /// Makes payers with tokens and opens a channel for each, by a first payment at the route.
  ///
  /// @param route a paywalled URL
  /// @param api the gateway of a hub, where payments can be handed in without a route
  /// @param apiKey of the merchant
  /// @param chain JSON-RPC of a development chain
  /// @param deposit of each channel, in base units
  record Open(
      String seller,
      URI route,
      Optional<URI> api,
      Optional<String> apiKey,
      URI chain,
      int channels,
      long deposit)
      implements Order {}

  /// Takes channels for open that nobody has paid from yet, because whoever gives the order has put
  /// them where the hub keeps its own: those of [Keyring].
  record Adopt(String seller, URI route, URI api, String apiKey, int channels) implements Order {}

  /// Signs until each of the first channels has so many vouchers for the future.
  record Sign(String seller, int channels, int each) implements Order {}

  /// Runs one phase.
  ///
  /// @param lanes requests under way at once
  /// @param channels of how many channels they make use together
  /// @param lines payments in one request; more than 1 only for a batch
  /// @param perSecond requests by the clock; 0 for as many as are answered
  /// @param sheds by the clock: whether a request that cannot leave in time is left out
  record Run(
      String seller,
      Shape shape,
      int lanes,
      int channels,
      int lines,
      double perSecond,
      boolean sheds,
      double seconds)
      implements Order {}
}
