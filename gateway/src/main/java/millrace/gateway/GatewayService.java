package millrace.gateway;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the gateway, alone or beside others in one process.
public final class GatewayService {
  private GatewayService() {}

  public static ConfigurableApplicationContext start(Map<String, Object> properties) {
    return start(properties, new String[0]);
  }

  public static void main(String[] args) {
    start(Map.of(), args);
  }

  /// As command-line arguments, because those are the strongest source of settings.
  private static ConfigurableApplicationContext start(
      Map<String, Object> properties, String[] args) {
    var given =
        properties.entrySet().stream()
            .map(property -> "--" + property.getKey() + "=" + property.getValue());
    return new SpringApplicationBuilder(GatewayApplication.class)
        .bannerMode(Banner.Mode.OFF)
        .properties("spring.config.name=gateway")
        .registerShutdownHook(true)
        .run(Stream.concat(given, Arrays.stream(args)).toArray(String[]::new));
  }
}
