package millrace.messaging;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefundOutcome;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonAppend;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.ser.VirtualBeanPropertyWriter;
import tools.jackson.databind.util.Annotations;

/// The names by which the branches of commands and outcomes are told apart.
final class Branches {
  private static final Map<Class<?>, String> NAMES =
      Map.ofEntries(
          Map.entry(PaymentCommand.Charge.class, "charge"),
          Map.entry(PaymentCommand.Reserve.class, "reserve"),
          Map.entry(PaymentCommand.Hold.class, "hold"),
          Map.entry(PaymentCommand.Capture.class, "capture"),
          Map.entry(PaymentCommand.Release.class, "release"),
          Map.entry(PaymentOutcome.Taken.class, "taken"),
          Map.entry(PaymentOutcome.Refused.class, "refused"),
          Map.entry(DepositOutcome.Confirmed.class, "confirmed"),
          Map.entry(DepositOutcome.Pending.class, "pending"),
          Map.entry(DepositOutcome.Failed.class, "failed"),
          Map.entry(DepositOutcome.Refused.class, "refused"),
          Map.entry(RefundOutcome.Confirmed.class, "confirmed"),
          Map.entry(RefundOutcome.Pending.class, "pending"),
          Map.entry(RefundOutcome.Failed.class, "failed"),
          Map.entry(RefundOutcome.Refused.class, "refused"),
          Map.entry(HoldEndOutcome.Ended.class, "ended"),
          Map.entry(HoldEndOutcome.Refused.class, "refused"),
          Map.entry(GiveBackOutcome.Taken.class, "taken"),
          Map.entry(GiveBackOutcome.Refused.class, "refused"),
          Map.entry(PayoutOutcome.Taken.class, "taken"),
          Map.entry(PayoutOutcome.Refused.class, "refused"));

  private Branches() {}

  static JsonMapper.Builder addTo(JsonMapper.Builder json) {
    NAMES.forEach((branch, name) -> json.registerSubtypes(new NamedType(branch, name)));
    return json.addMixIn(PaymentCommand.class, Named.class)
        .addMixIn(PaymentOutcome.class, Named.class)
        .addMixIn(DepositOutcome.class, Named.class)
        .addMixIn(RefundOutcome.class, Named.class)
        .addMixIn(HoldEndOutcome.class, Named.class)
        .addMixIn(GiveBackOutcome.class, Named.class)
        .addMixIn(PayoutOutcome.class, Named.class);
  }

  /// The name is a property like the others. Jackson's own would be missing in a list whose
  /// element type the compiler has erased.
  @JsonTypeInfo(
      use = JsonTypeInfo.Id.NAME,
      include = JsonTypeInfo.As.EXISTING_PROPERTY,
      property = "type")
  @JsonAppend(prepend = true, props = @JsonAppend.Prop(name = "type", value = TypeName.class))
  private interface Named {}

  /// Written for whatever branch the value is.
  static final class TypeName extends VirtualBeanPropertyWriter {
    // For Jackson, which then asks for a configured one.
    @SuppressWarnings("unused")
    TypeName() {}

    private TypeName(BeanPropertyDefinition property, Annotations annotations, JavaType type) {
      super(property, annotations, type);
    }

    @Override
    public VirtualBeanPropertyWriter withConfig(
        MapperConfig<?> config,
        AnnotatedClass owner,
        BeanPropertyDefinition property,
        JavaType type) {
      return new TypeName(property, owner.getAnnotations(), type);
    }

    @Override
    protected Object value(Object branch, JsonGenerator json, SerializationContext context) {
      var name = NAMES.get(branch.getClass());
      if (name == null) throw new IllegalStateException("no name for " + branch.getClass());
      return name;
    }
  }
}
