package millrace.standalone.hub;

import java.net.URI;
import java.util.Map;
import millrace.embedded.DevDeployment;

/// Where a hub of one process can be reached, for a program that has started it.
///
/// @param management the gateway's metrics; the other services have theirs on their own port
/// @param services URLs of the services behind the gateway, by name
/// @param databases JDBC URLs, by name; the loopback address is let in without a password
public record HubAccess(
    URI gateway,
    URI management,
    String operatorKey,
    Map<String, URI> services,
    Map<String, String> databases,
    String databaseUser,
    DevDeployment chain) {

  public HubAccess {
    services = Map.copyOf(services);
    databases = Map.copyOf(databases);
  }
}
