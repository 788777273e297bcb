package millrace.channel;

import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts channel-service: alone, or beside the other services in one process.
public final class ChannelService {
  private ChannelService() {}

  /// @param properties win over environment and `channel-service.yaml`
  public static ConfigurableApplicationContext start(Map<String, Object> properties) {
    return application()
        .run(
            properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new));
  }

  public static void main(String[] arguments) {
    application().run(arguments);
  }

  private static SpringApplicationBuilder application() {
    return new SpringApplicationBuilder(ChannelConfiguration.class)
        .properties("spring.config.name=channel-service");
  }
}
