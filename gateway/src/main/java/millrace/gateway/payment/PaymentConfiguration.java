package millrace.gateway.payment;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Validator;
import java.time.Clock;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.offer.Offers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {
  @Bean
  Taking taking(
      Offers offers, Checkout checkout, Treasury treasury, MeterRegistry registry, Clock clock) {
    return new Taking(offers, checkout, treasury, new TakingMetrics(registry), clock);
  }

  @Bean
  BatchTaking batchTaking(
      Taking taking,
      Checkout checkout,
      JsonMapper json,
      Validator validator,
      MeterRegistry registry) {
    return new BatchTaking(taking, checkout, new LineReader(json, validator), registry);
  }
}
