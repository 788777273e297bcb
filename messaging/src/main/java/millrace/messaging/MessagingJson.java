package millrace.messaging;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Signature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// How events and commands look as JSON: values of the domain as strings, an absent value as a
/// missing field, the branches of a command or an outcome told apart by `type`. What is not
/// optional must be there.
public final class MessagingJson {
  private static final JsonMapper TOLERANT = tolerant();
  private static final JsonMapper STRICT =
      TOLERANT.rebuild().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private MessagingJson() {}

  /// Passes over fields it does not know, so that a newer sender may add some.
  public static JsonMapper mapper() {
    return TOLERANT;
  }

  /// Refuses fields it does not know: for whoever executes commands, where a misspelt field must
  /// not be taken for an absent one.
  public static JsonMapper strict() {
    return STRICT;
  }

  private static JsonMapper tolerant() {
    return Branches.addTo(JsonMapper.builder())
        .addModule(domainTypes())
        .changeDefaultPropertyInclusion(
            value -> value.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .build();
  }

  private static SimpleModule domainTypes() {
    var module = new SimpleModule("millrace");
    RecordReader.addTo(module);
    TextForm.of(Amount.class, Amount::of).addTo(module);
    TextForm.of(Address.class, Address::of).addTo(module);
    TextForm.of(Bytes32.class, Bytes32::of).addTo(module);
    TextForm.of(ChannelId.class, ChannelId::of).addTo(module);
    TextForm.of(Signature.class, Signature::of).addTo(module);
    TextForm.of(PaymentId.class, PaymentId::new).addTo(module);
    TextForm.of(MerchantId.class, MerchantId::new).addTo(module);
    TextForm.of(PayoutId.class, PayoutId::new).addTo(module);
    TextForm.of(RefundId.class, RefundId::new).addTo(module);
    TextForm.of(BigInteger.class, MessagingJson::integer).addTo(module);
    return module;
  }

  private static BigInteger integer(String decimal) {
    // uint256 has 78 digits: anything longer is an attempt to make us work.
    if (decimal.length() > 78) throw new IllegalArgumentException("integer is above uint256");
    return new BigInteger(decimal);
  }
}
