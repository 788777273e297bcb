package com.example.forecast;

import com.example.forecast.Till.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
class ForecastController {
  private static final long PRICE = 1_000;
  private static final List<String> SKIES = List.of("sun", "clouds", "rain", "snow");

  private final Till till;

  ForecastController(Till till) {
    this.till = till;
  }

  @GetMapping("/forecast/{city}")
  ResponseEntity<Map<String, String>> forecast(
      @PathVariable String city,
      @RequestHeader(name = "PAYMENT-SIGNATURE", required = false) @Nullable String signature) {
    var url = ServletUriComponentsBuilder.fromCurrentRequest().toUriString();
    var outcome = signature == null ? till.offer(PRICE, url) : till.take(PRICE, url, signature);
    return switch (outcome) {
      case Outcome.Paid(var receipt) ->
          ResponseEntity.ok().header("PAYMENT-RESPONSE", receipt).body(forecast(city));
      case Outcome.PaidBack(var receipt) ->
          ResponseEntity.ok().header("PAYMENT-RESPONSE", receipt).body(Map.of());
      case Outcome.Refused(var offer, var receipt) ->
          ResponseEntity.status(HttpStatus.PAYMENT_REQUIRED)
              .header("PAYMENT-REQUIRED", offer)
              .headers(headers -> receipt.ifPresent(text -> headers.set("PAYMENT-RESPONSE", text)))
              .body(Map.of());
      case Outcome.Unknown() ->
          ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
              .header("Retry-After", "2")
              .body(Map.of("error", "Not known yet whether you paid: send the same again."));
    };
  }

  private static Map<String, String> forecast(String city) {
    var sky = SKIES.get(Math.floorMod(city.hashCode(), SKIES.size()));
    return Map.of("city", city, "tomorrow", sky);
  }
}
