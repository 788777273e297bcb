package millrace.messaging;

import millrace.messaging.listen.ListeningConfiguration;
import millrace.messaging.outbox.OutboxConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// For a service that publishes and listens. One that only listens imports
/// [ListeningConfiguration].
@Configuration(proxyBeanMethods = false)
@Import({ListeningConfiguration.class, OutboxConfiguration.class})
public class MessagingConfiguration {}
