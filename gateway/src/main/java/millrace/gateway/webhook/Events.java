package millrace.gateway.webhook;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.webhook.Messages.Told;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// A merchant's events, whether they were kept or can be told from its payments.
@Service
class Events {
  private static final Pattern ID = Pattern.compile("evt_[0-9a-z]{26}");

  private final Messages messages;
  private final PaymentEvents payments;

  Events(Messages messages, PaymentEvents payments) {
    this.messages = messages;
    this.payments = payments;
  }

  /// All when nobody asked for any.
  static Set<EventType> types(@Nullable List<String> names) {
    var types = EnumSet.noneOf(EventType.class);
    if (names == null) return types;
    for (var name : names) types.add(type("type", name));
    return types;
  }

  static EventType type(String field, String name) {
    try {
      return EventType.ofWire(name);
    } catch (IllegalArgumentException e) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "GET /v1/event_types lists the types.")
          .about(field)
          .asException();
    }
  }

  Optional<Told> find(MerchantId merchant, String id) {
    if (!ID.matcher(id).matches()) return Optional.empty();
    return messages.find(merchant, id).or(() -> payments.find(merchant, id));
  }

  /// Newest first, up to one more than the page holds.
  ///
  /// @param types all when there are none
  List<Told> page(
      MerchantId merchant,
      Set<EventType> types,
      Optional<ChannelId> channel,
      Period period,
      PageRequest page) {
    var found = new TreeMap<String, Told>(Comparator.reverseOrder());
    if (types.isEmpty() || types.stream().anyMatch(EventType::isDerivable)) {
      for (var told : payments.page(merchant, channel, period, page)) found.put(told.id(), told);
    }
    var subject = channel.map(ChannelId::toString);
    for (var told : messages.page(merchant, types, subject, period, page))
      found.put(told.id(), told);
    return found.values().stream().limit(page.limitAndOne()).toList();
  }

  /// Where in the merchant's kept events this one stands, or would.
  long position(MerchantId merchant, String id) {
    return messages
        .find(merchant, id)
        .map(Told::position)
        .or(() -> find(merchant, id).map(told -> messages.before(merchant, told.at())))
        .orElseThrow(
            () ->
                Problem.of(ProblemCode.INVALID_REQUEST, "There is no event of this id.")
                    .about("after")
                    .asException());
  }
}
