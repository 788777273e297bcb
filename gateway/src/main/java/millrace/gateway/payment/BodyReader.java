package millrace.gateway.payment;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Optional;
import millrace.gateway.problem.BodyFault;
import millrace.gateway.problem.BodyLimitFilter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Reads what the web framework does not hand us, as it would: with its limit, its mapper, its
/// rules and its words.
final class BodyReader<T> {
  private final ObjectReader json;
  private final Validator validator;

  BodyReader(Class<T> type, JsonMapper json, Validator validator) {
    this.json = json.readerFor(type);
    this.validator = validator;
  }

  T read(byte[] bytes, int offset, int length) {
    if (length > BodyLimitFilter.MAX_BYTES) throw BodyLimitFilter.tooLarge().asException();
    var body =
        parse(bytes, offset, length).orElseThrow(() -> BodyFault.notOneObject().asException());
    var faults = validator.validate(body);
    if (faults.isEmpty()) return body;
    throw BodyFault.first(
            faults, fault -> fault.getPropertyPath().toString(), ConstraintViolation::getMessage)
        .asException();
  }

  private Optional<T> parse(byte[] bytes, int offset, int length) {
    try {
      return Optional.ofNullable(json.readValue(bytes, offset, length));
    } catch (JacksonException unreadable) {
      throw BodyFault.of(unreadable).asException();
    }
  }
}
