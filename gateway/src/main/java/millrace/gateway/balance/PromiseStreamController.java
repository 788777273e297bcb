package millrace.gateway.balance;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.stream.StreamEvent;
import millrace.gateway.stream.StreamRequest;
import millrace.gateway.stream.Streams;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/// Pushes every promise to whoever guards it for the merchant.
@RestController
@Tag(name = "balance")
class PromiseStreamController {
  private final Merchants merchants;
  private final Promises promises;
  private final Streams streams;
  private final HubTerms terms;
  private final LiveMode mode;

  PromiseStreamController(
      Merchants merchants, Promises promises, Streams streams, HubTerms terms, LiveMode mode) {
    this.merchants = merchants;
    this.promises = promises;
    this.streams = streams;
    this.terms = terms;
    this.mode = mode;
  }

  @GetMapping(path = "/v1/balance/promise/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @Operation(
      operationId = "streamPromises",
      summary = "Follow the promises of the hub",
      description =
          "Server-sent events `promise`, each with a Promise as data: the newest at once, then"
              + " every newer one; those in between may be left out, for a promise covers all"
              + " before it. A comment comes at least every 15 seconds while the hub is well. The"
              + " id of the last event, as Last-Event-ID or `after`, says what you hold already. A"
              + " key has eight streams at most: one more ends its oldest.",
      responses =
          @ApiResponse(
              responseCode = "200",
              description = "Events of type `promise`",
              content =
                  @Content(
                      mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                      schema = @Schema(implementation = PromiseBody.class))))
  ResponseEntity<SseEmitter> stream(
      @Scoped(Scope.BALANCE_READ) Caller caller, StreamRequest request) {
    var payee = merchants.payee(caller.merchant());
    return streams.open(
        request.listener(caller, Scope.BALANCE_READ, Promises.topic(payee)),
        cursor -> news(payee, cursor));
  }

  private List<StreamEvent> news(Address payee, Optional<String> cursor) {
    var newest = promises.newest(payee);
    var held = PromiseCursor.of(cursor).within(newest);
    var events = new ArrayList<StreamEvent>();
    for (var promise : newest.reversed()) {
      if (held.has(promise)) continue;
      held = held.with(promise);
      events.add(
          new StreamEvent(held.toString(), "promise", PromiseBody.of(promise, terms, mode.live())));
    }
    return events;
  }
}
