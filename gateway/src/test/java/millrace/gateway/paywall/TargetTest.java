package millrace.gateway.paywall;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static final String ROUTE = "/x/rt_00000000000000000000000000";
  private static final URI UPSTREAM = URI.create("https://api.example/v2/");

  @Test
  void pathAndQueryFollowTheUpstreamAsTheyWereWritten() {
    assertThat(under(ROUTE + "/a%20b/c", "q=1&r=%2F"))
        .contains(URI.create("https://api.example/v2/a%20b/c?q=1&r=%2F"));
    assertThat(under(ROUTE, null)).contains(UPSTREAM);
    assertThat(under(ROUTE + "/", null)).contains(URI.create("https://api.example/v2/"));
    assertThat(under(ROUTE + "/a..b/...", null))
        .contains(URI.create("https://api.example/v2/a..b/..."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../secret",
        "/a/../../secret",
        "/%2e%2e/secret",
        "/%2E./secret",
        "/..;x=1/secret",
        "/%2e%2e%3b/secret",
        "/a/./b",
        "/..%2fsecret",
        "/..%5Csecret",
        "/..\\secret",
        "/a%00b",
        "/{}"
      })
  void aPathThatClimbsOrHidesIsRefused(String rest) {
    assertThat(under(ROUTE + rest, null)).as(rest).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/x/",
        "/x/rt_1",
        "/x/RT_00000000000000000000000000",
        "/x/rt_00000000000000000000000000x",
        "/y/rt_00000000000000000000000000"
      })
  void whatNamesNoRouteLeadsNowhere(String path) {
    assertThat(Target.of(path)).isEmpty();
  }

  private static Optional<URI> under(String path, @Nullable String query) {
    return Target.of(path).orElseThrow().under(UPSTREAM, query);
  }
}
