package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// Lets a developer see an event that is hard to bring about.
@RestController
@Tag(name = "events")
class TestEventController {
  private final TestEvents events;
  private final LiveMode mode;
  private final JsonMapper json;

  TestEventController(TestEvents events, LiveMode mode, JsonMapper json) {
    this.events = events;
    this.mode = mode;
    this.json = json;
  }

  @PostMapping("/v1/test_events")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createTestEvent",
      summary = "Bring an event about, on a dev chain",
      description =
          "It goes to every endpoint that listens to its type, to streams and into the list, as"
              + " all events do. What it tells of is made up: there is no such payment or payout,"
              + " and no money moves. A hub with real money refuses.")
  @Problems(ProblemCode.TEST_MODE_ONLY)
  EventBody create(
      @Scoped(Scope.WEBHOOKS_WRITE) Caller caller, @RequestBody @Valid TestEventRequest body) {
    if (mode.live()) {
      throw Problem.of(ProblemCode.TEST_MODE_ONLY, "Here events tell of real money only.")
          .asException();
    }
    return json.readValue(events.make(caller.merchant(), body.type()), EventBody.class);
  }

  record TestEventRequest(
      @NotNull @Schema(implementation = String.class, example = "payout.failed") EventType type) {}
}
