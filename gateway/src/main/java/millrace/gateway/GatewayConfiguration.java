package millrace.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.CheckoutSettings;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubSettings;
import millrace.gateway.hub.Settlement;
import millrace.gateway.hub.SettlementSettings;
import millrace.gateway.id.Ids;
import millrace.gateway.offer.Offers;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.outbound.OutboundSettings;
import millrace.messaging.MessagingJson;
import millrace.protocol.channel.HubTerms;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.format.FormatterRegistry;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Puts together what is not Spring's business to find.
@Configuration(proxyBeanMethods = false)
class GatewayConfiguration {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  HubTerms hubTerms(Environment environment) {
    return Binder.get(environment)
        .bind("millrace.hub", HubTerms.class)
        .orElseThrow(() -> new IllegalStateException("millrace.hub.* must be given"));
  }

  /// Domain types as strings, and no patience with fields that are unknown, given twice, or left
  /// over.
  @Bean
  JsonMapper jsonMapper() {
    return MessagingJson.strict()
        .rebuild()
        .addModule(
            new SimpleModule("gateway")
                .addDeserializer(String.class, new PlainText())
                .addDeserializer(Instant.class, new Rfc3339()))
        // What must be there, the bodies themselves say.
        .disable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // A fee of 1.5 basis points is not one of 1.
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  /// Spring has no name for PostgreSQL's `lock_timeout`. It is one of the failures that go by.
  @Bean
  SQLExceptionTranslator sqlExceptionTranslator() {
    var translator = new SQLExceptionSubclassTranslator();
    translator.setCustomTranslator(
        (task, _, cause) ->
            LOCK_NOT_AVAILABLE.equals(cause.getSQLState())
                ? new CannotAcquireLockException(task, cause)
                : null);
    return translator;
  }

  @Bean
  WebMvcConfigurer argumentResolvers(
      List<HandlerMethodArgumentResolver> own, List<HandlerInterceptor> interceptors) {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.addAll(own);
      }

      @Override
      public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
        negotiation.strategies(List.of(new PlainJson()));
      }

      /// Spring's own takes a number for milliseconds, and others send seconds.
      @Override
      public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, Instant.class, Rfc3339::instant);
      }

      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        interceptors.forEach(registry::addInterceptor);
      }
    };
  }

  @Bean
  AddressRule addressRule(OutboundSettings settings, HubTerms terms) {
    settings.requireFitFor(terms.chainId());
    return new AddressRule(settings.allowed(), SystemDefaultDnsResolver.INSTANCE);
  }

  @Bean
  OutboundClient outboundClient(AddressRule rule) {
    return new OutboundClient(rule);
  }

  @Bean
  Hub hub(HubSettings settings, MeterRegistry metrics) {
    return new Hub(settings, metrics);
  }

  @Bean
  Settlement settlement(SettlementSettings settings, MeterRegistry metrics) {
    return new Settlement(settings, metrics);
  }

  @Bean
  Offers offers(HubTerms terms, CheckoutSettings settings, Clock clock) {
    return new Offers(terms, settings.maxTimeoutSeconds(), clock);
  }

  @Bean
  Checkout checkout(Offers offers, Hub hub, Ids ids, CheckoutSettings settings) {
    return new Checkout(offers, hub, ids, settings);
  }

  @Bean
  Treasury treasury(Hub hub, CheckoutSettings settings) {
    return new Treasury(hub, settings);
  }
}
