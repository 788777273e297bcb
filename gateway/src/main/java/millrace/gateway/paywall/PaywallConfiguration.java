package millrace.gateway.paywall;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import millrace.gateway.checkout.Checkout;
import millrace.gateway.checkout.CheckoutSettings;
import millrace.gateway.checkout.Treasury;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.link.Links;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.offer.Offers;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.problem.ProblemWriter;
import millrace.gateway.route.Routes;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PaywallConfiguration {
  @Bean
  ServletRegistrationBean<PaywallServlet> paywallServlet(
      Routes routes,
      Offers offers,
      PriceLimits limits,
      Paywall paywall,
      ProblemWriter problems,
      PaywallSettings settings) {
    var url = new PublicUrl(settings.publicUrl());
    var servlet = new PaywallServlet(routes, offers, limits, paywall, problems, url);
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
        new PaywallMetrics("paywall", registry));
  }

  @Bean
  ServletRegistrationBean<LinkServlet> linkServlet(
      Links links,
      Offers offers,
      PriceLimits limits,
      Checkout checkout,
      Treasury treasury,
      ProblemWriter problems,
      PaywallSettings settings,
      Denomination denomination,
      Clock clock,
      JsonMapper json,
      MeterRegistry registry) {
    var counter =
        new LinkCounter(
            checkout,
            treasury,
            new Replies(problems, checkout.receipts()),
            new PaywallMetrics("payment_link", registry),
            denomination,
            json);
    var url = new PublicUrl(settings.publicUrl());
    var servlet = new LinkServlet(links, offers, limits, counter, problems, url, clock);
    var registration = new ServletRegistrationBean<>(servlet, PaymentLink.PATH + "*");
    registration.setName("payment links");
    registration.setLoadOnStartup(1);
    return registration;
  }
}
