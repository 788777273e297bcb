package millrace.protocol.x402;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What client and server agreed on beside the scheme. Millrace knows `payment-identifier`.
///
/// @param paymentIdentifier present when it is offered or used
/// @param others extensions this version does not know, as JSON text, kept so that an echo is whole
public record Extensions(Optional<Identifying> paymentIdentifier, Map<String, String> others) {
  public static final Extensions NONE = new Extensions(Optional.empty(), Map.of());

  /// A server's offer: name your payment if you like, then a repeat is safe.
  public static final Extensions OFFER =
      new Extensions(Optional.of(new Identifying(false, Optional.empty())), Map.of());

  private static final String PAYMENT_IDENTIFIER = "payment-identifier";

  public Extensions {
    others = Map.copyOf(others);
  }

  /// The same, with the client's name for the payment when the server offered to hear one.
  public Extensions identifiedBy(PaymentIdentifier id) {
    return new Extensions(
        paymentIdentifier.map(offer -> new Identifying(offer.required(), Optional.of(id))), others);
  }

  public Optional<PaymentIdentifier> id() {
    return paymentIdentifier.flatMap(Identifying::id);
  }

  static Extensions read(Optional<Fields> fields) {
    return fields.map(Extensions::read).orElse(NONE);
  }

  private static Extensions read(Fields fields) {
    return new Extensions(
        fields.optionalObject(PAYMENT_IDENTIFIER).map(Identifying::read),
        fields.others(Set.of(PAYMENT_IDENTIFIER)));
  }

  boolean isEmpty() {
    return paymentIdentifier.isEmpty() && others.isEmpty();
  }

  ObjectNode write() {
    var node = Json.object();
    paymentIdentifier.ifPresent(used -> node.set(PAYMENT_IDENTIFIER, used.write()));
    others.forEach((name, json) -> node.set(name, Json.reread(json)));
    return node;
  }

  /// The extension `payment-identifier`.
  ///
  /// @param required whether the server insists on a name
  /// @param id the name, in a request
  public record Identifying(boolean required, Optional<PaymentIdentifier> id) {
    private static Identifying read(Fields fields) {
      var info = fields.object("info");
      return new Identifying(
          info.has("required") && info.flag("required"),
          info.has("id") ? Optional.of(info.as("id", PaymentIdentifier::new)) : Optional.empty());
    }

    private ObjectNode write() {
      var info = Json.object().put("required", required);
      id.ifPresent(name -> info.put("id", name.value()));
      var node = Json.object();
      node.set("info", info);
      node.set("schema", schema());
      return node;
    }

    private static ObjectNode schema() {
      var properties = Json.object();
      properties.set("required", Json.object().put("type", "boolean"));
      properties.set(
          "id",
          Json.object()
              .put("type", "string")
              .put("minLength", 16)
              .put("maxLength", 128)
              .put("pattern", "^[a-zA-Z0-9_-]+$"));
      var schema = Json.object().put("type", "object");
      schema.set("properties", properties);
      schema.set("required", Json.array().add("required"));
      return schema;
    }
  }
}
