package millrace.gateway.outbound;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param allowed addresses or CIDR ranges that upstreams and webhooks may lead to although they
///     are not on the public internet; empty but for development
@ConfigurationProperties("millrace.gateway.upstream")
public record OutboundSettings(@DefaultValue List<String> allowed) {}
