package millrace.gateway;

import millrace.messaging.listen.ListeningConfiguration;
import millrace.messaging.writer.PaymentWriterConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;

/// Everything of the gateway and nothing else, however many services share the classpath.
@SpringBootApplication
@EnableScheduling
@ConfigurationPropertiesScan
@Import({ListeningConfiguration.class, PaymentWriterConfiguration.class})
class GatewayApplication {}
