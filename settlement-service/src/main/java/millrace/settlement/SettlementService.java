package millrace.settlement;

import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Settlement as a process, or as one context among others in a process.
@SpringBootApplication(proxyBeanMethods = false)
public class SettlementService {
  private static final String CONFIG_NAME = "spring.config.name=settlement-service";

  /// @param properties before those of `settlement-service.yaml`
  public static ConfigurableApplicationContext start(Map<String, Object> properties) {
    return run(
        properties.entrySet().stream()
            .map(property -> "--%s=%s".formatted(property.getKey(), property.getValue()))
            .toArray(String[]::new));
  }

  public static void main(String[] arguments) {
    run(arguments);
  }

  @SuppressWarnings("resource") // The context ends with the process, or its caller closes it.
  private static ConfigurableApplicationContext run(String... arguments) {
    return new SpringApplicationBuilder(SettlementService.class)
        .properties(CONFIG_NAME)
        .run(arguments);
  }
}
