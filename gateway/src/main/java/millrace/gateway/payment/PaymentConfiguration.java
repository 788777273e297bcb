package millrace.gateway.payment;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Validator;
import java.time.Clock;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.merchant.Callers;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.offer.Offers;
import millrace.gateway.payment.PaymentBodies.PaymentLine;
import millrace.gateway.payment.PaymentBodies.PaymentRequest;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {
  @Bean
  Taking taking(
      Offers offers,
      PriceLimits limits,
      Checkout checkout,
      Treasury treasury,
      PaymentNotes notes,
      Denomination denomination,
      MeterRegistry registry,
      Clock clock) {
    var metrics = new TakingMetrics(registry);
    return new Taking(offers, limits, checkout, treasury, metrics, notes, denomination, clock);
  }

  @Bean
  BatchTaking batchTaking(
      Taking taking,
      Checkout checkout,
      JsonMapper json,
      Validator validator,
      MeterRegistry registry) {
    var lines = new BodyReader<>(PaymentLine.class, json, validator);
    return new BatchTaking(taking, checkout, lines, registry);
  }

  @Bean
  DirectPayments directPayments(
      Callers callers,
      Taking taking,
      JsonMapper json,
      Validator validator,
      @Qualifier("handlerExceptionResolver") HandlerExceptionResolver faults) {
    var bodies = new BodyReader<>(PaymentRequest.class, json, validator);
    return new DirectPayments(callers, taking, bodies, json, faults);
  }
}
