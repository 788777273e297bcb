package millrace.gateway.paywall;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.CheckoutSettings;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.offer.Offers;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.problem.ProblemWriter;
import millrace.gateway.route.Routes;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaywallConfiguration {
  @Bean
  ServletRegistrationBean<PaywallServlet> paywallServlet(
      Routes routes,
      Offers offers,
      Paywall paywall,
      ProblemWriter problems,
      PaywallSettings settings) {
    var servlet = new PaywallServlet(routes, offers, paywall, problems, settings);
    var registration = new ServletRegistrationBean<>(servlet, Target.PREFIX + "*");
    registration.setName("paywall");
    registration.setLoadOnStartup(1);
    return registration;
  }

  @Bean
  Paywall paywall(
      Checkout checkout,
      Treasury treasury,
      OutboundClient client,
      Routes routes,
      ProblemWriter problems,
      PaywallSettings settings,
      CheckoutSettings waits,
      Clock clock,
      MeterRegistry registry) {
    return new Paywall(
        checkout,
        treasury,
        new Upstreams(client, routes, settings),
        new Replies(problems, checkout.receipts()),
        settings,
        waits,
        clock,
        new PaywallMetrics(registry));
  }
}
