package millrace.acceptance.deploy;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What all deployments of Millrace have in common.
final class Deploy {
  static final Charset UTF_8 = StandardCharsets.UTF_8;
  static final List<String> SERVICES =
      List.of("gateway", "channel-service", "settlement-service", "watchtower-service");

  private Deploy() {}

  static String version() {
    var pom = Repository.read("pom.xml");
    int start = pom.indexOf("<version>") + "<version>".length();
    return pom.substring(start, pom.indexOf("</version>"));
  }

  /// What a service's pom says of its image.
  static String image(String service, String property) {
    var pom = Repository.read(service + "/pom.xml");
    var tag = "<image." + property + ">";
    int start = pom.indexOf(tag);
    if (start < 0) throw new IllegalStateException(service + "/pom.xml has no " + tag);
    return pom.substring(start + tag.length(), pom.indexOf("</image." + property + ">"));
  }
}
