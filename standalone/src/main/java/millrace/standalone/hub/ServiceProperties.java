package millrace.standalone.hub;

import java.util.HashMap;
import java.util.Map;
import millrace.embedded.DevAccount;
import millrace.embedded.DevDeployment;
import millrace.embedded.LocalPostgres;

/// What each service is told in a hub of one process, beyond the defaults of its own file.
record ServiceProperties(
    LocalPostgres postgres,
    String kafka,
    DevDeployment deployment,
    HubAddresses addresses,
    String operatorKey) {

  Map<String, Object> channelService() {
    var properties = common("channel", addresses.channelService());
    // The dev chain's gas costs nothing, so whoever tries things out need not wait.
    properties.put("millrace.channel.refund.idle", "0s");
    properties.put("millrace.channel.refund.interval", "0s");
    properties.put("millrace.channel.refund.minimum", "0");
    return properties;
  }

  Map<String, Object> settlementService() {
    var properties = common("settlement", addresses.settlementService());
    properties.put("millrace.settlement.key", DevAccount.SETTLEMENT.privateKey());
    return properties;
  }

  Map<String, Object> watchtowerService() {
    var properties = common("watchtower", addresses.watchtower());
    properties.put("millrace.watchtower.key", DevAccount.WATCHTOWER.privateKey());
    return properties;
  }

  Map<String, Object> gateway() {
    var properties = common("gateway", addresses.gateway());
    properties.put("management.server.port", addresses.management());
    properties.put("millrace.gateway.channel-service.url", addresses.channelServiceUrl());
    properties.put("millrace.gateway.settlement-service.url", addresses.settlementServiceUrl());
    properties.put("millrace.gateway.operator-key", operatorKey);
    properties.put("millrace.gateway.paywall.public-url", addresses.gatewayUrl());
    properties.put("millrace.gateway.upstream.allowed", "127.0.0.1");
    return properties;
  }

  private Map<String, Object> common(String database, int port) {
    var properties = new HashMap<String, Object>();
    properties.put("server.port", port);
    properties.put("server.address", "127.0.0.1");
    properties.put("spring.datasource.url", postgres.jdbcUrl(database));
    properties.put("spring.datasource.username", postgres.user());
    properties.put("spring.datasource.password", "");
    properties.put("spring.kafka.bootstrap-servers", kafka);
    properties.put("millrace.hub.vault", deployment.vault().toString());
    properties.put("millrace.hub.token.address", deployment.token().toString());
    properties.put("millrace.chain.rpc-urls", deployment.rpcUrl());
    properties.put("millrace.chain.confirmations", 1);
    properties.put("millrace.chain.poll-interval", "200ms");
    properties.put("spring.main.banner-mode", "off");
    // On everybody's class path here; only the gateway has something to describe.
    properties.put("springdoc.api-docs.enabled", database.equals("gateway"));
    properties.put("springdoc.swagger-ui.enabled", database.equals("gateway"));
    return properties;
  }
}
