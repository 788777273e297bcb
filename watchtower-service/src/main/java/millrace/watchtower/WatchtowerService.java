package millrace.watchtower;

import java.util.List;
import java.util.Map;
import millrace.watchtower.merchant.MerchantCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The watchtower as a process, or as one context among others in a process. With `--merchant` it
/// is a merchant's own tower, which needs neither a database nor Kafka.
@SpringBootApplication(proxyBeanMethods = false)
public class WatchtowerService {
  private static final String CONFIG_NAME = "spring.config.name=watchtower-service";

  /// @param properties before those of `watchtower-service.yaml`
  public static ConfigurableApplicationContext start(Map<String, Object> properties) {
    return run(
        properties.entrySet().stream()
            .map(property -> "--%s=%s".formatted(property.getKey(), property.getValue()))
            .toArray(String[]::new));
  }

  public static void main(String[] arguments) {
    var given = List.of(arguments);
    if (given.contains("--merchant") || given.contains("--help")) {
      System.exit(MerchantCommand.run(arguments));
    }
    run(arguments);
  }

  @SuppressWarnings("resource") // The context ends with the process, or its caller closes it.
  private static ConfigurableApplicationContext run(String... arguments) {
    return new SpringApplicationBuilder(WatchtowerService.class)
        .properties(CONFIG_NAME)
        .run(arguments);
  }
}
