package millrace.gateway.payment;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Optional;
import millrace.gateway.payment.PaymentBodies.PaymentLine;
import millrace.gateway.problem.BodyFault;
import millrace.gateway.problem.BodyLimitFilter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Reads a line as the web framework reads a body: with its limit, its mapper, its rules and its
/// words.
final class LineReader {
  private final ObjectReader json;
  private final Validator validator;

  LineReader(JsonMapper json, Validator validator) {
    this.json = json.readerFor(PaymentLine.class);
    this.validator = validator;
  }

  PaymentLine read(byte[] bytes, int offset, int length) {
    if (length > BodyLimitFilter.MAX_BYTES) throw BodyLimitFilter.tooLarge().asException();
    var line =
        parse(bytes, offset, length).orElseThrow(() -> BodyFault.notOneObject().asException());
    var faults = validator.validate(line);
    if (faults.isEmpty()) return line;
    throw BodyFault.first(
            faults, fault -> fault.getPropertyPath().toString(), ConstraintViolation::getMessage)
        .asException();
  }

  private Optional<PaymentLine> parse(byte[] bytes, int offset, int length) {
    try {
      return Optional.ofNullable(json.readValue(bytes, offset, length));
    } catch (JacksonException unreadable) {
      throw BodyFault.of(unreadable).asException();
    }
  }
}
