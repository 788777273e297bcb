package com.example.forecast;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

@SpringBootApplication
public class ForecastShop {
  /// A first payment waits for its deposit on the chain.
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  public static void main(String[] arguments) {
    SpringApplication.run(ForecastShop.class, arguments);
  }

  @Bean
  RestClient hub(
      @Value("${millrace.url:http://127.0.0.1:8402}") String url,
      @Value("${millrace.key}") String key) {
    var requests = new JdkClientHttpRequestFactory();
    requests.setReadTimeout(PATIENCE);
    return RestClient.builder()
        .requestFactory(requests)
        .baseUrl(url)
        .defaultHeaders(headers -> headers.setBearerAuth(key))
        .build();
  }
}
