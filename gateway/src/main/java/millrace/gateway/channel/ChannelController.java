package millrace.gateway.channel;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The channels that a merchant was paid from, as they stand now.
@RestController
@Tag(name = "channels")
class ChannelController {
  private final PaidChannels paid;
  private final Hub hub;
  private final Denomination denomination;

  ChannelController(PaidChannels paid, Hub hub, Denomination denomination) {
    this.paid = paid;
    this.hub = hub;
    this.denomination = denomination;
  }

  @GetMapping("/v1/channels/{id}")
  @Operation(
      operationId = "getChannel",
      summary = "Show a channel that paid you",
      description = "Amounts are the channel's own, whoever was paid from it.")
  ChannelBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    return channelId(id)
        .filter(channel -> paid.paid(channel, caller.merchant()))
        .flatMap(channel -> hub.standings(List.of(channel)).stream().findFirst())
        .map(this::shown)
        .orElseThrow(() -> Problem.notFound("channel").asException());
  }

  @GetMapping("/v1/channels")
  @Operation(
      operationId = "listChannels",
      summary = "List the channels that paid you, in the order of their ids",
      description = "A channel appears a moment after its first payment.")
  Page<ChannelBody> list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var size = PageRequest.of("", limit, null);
    Optional<ChannelId> after =
        Optional.ofNullable(startingAfter)
            .map(text -> channelId(text).orElseThrow(ChannelController::notACursor));
    var found = Page.of(paid.after(caller.merchant(), after, size.limitAndOne()), size);
    var standings = hub.standings(found.data()).stream().map(this::shown).toList();
    return new Page<>(found.object(), standings, found.hasMore());
  }

  private ChannelBody shown(ChannelStanding standing) {
    return ChannelBody.of(standing, denomination);
  }

  private static RuntimeException notACursor() {
    return Problem.of(ProblemCode.INVALID_REQUEST, "starting_after is 0x and 64 hex digits.")
        .about("starting_after")
        .asException();
  }

  /// What cannot be an id is the id of nothing.
  private static Optional<ChannelId> channelId(String text) {
    try {
      return Optional.of(ChannelId.of(text));
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  @Schema(name = "Channel")
  record ChannelBody(
      @Schema(implementation = String.class) ChannelId id,
      @Schema(example = "channel") String object,
      boolean livemode,
      @Schema(
              allowableValues = {"opening", "open", "frozen", "underfunded", "lost", "closed"},
              description = "frozen: the payer has started to leave, and payments are refused")
          String status,
      @Schema(implementation = String.class) Address payer,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class, description = "What the contract holds for it")
          Amount balance,
      @Schema(implementation = String.class, description = "What was charged in all")
          Amount charged,
      @Schema(implementation = String.class, description = "What the contract has recorded")
          Amount claimed,
      @Schema(
              implementation = String.class,
              description = "Up to which charge the watchtower holds a voucher")
          Amount guarded,
      @Schema(
              implementation = String.class,
              description = "What is charged, and neither guarded nor claimed yet")
          Amount exposed,
      @Schema(
              implementation = String.class,
              description = "What was charged and merchants gave back on chain, or is on its way")
          Amount returned) {
    static ChannelBody of(ChannelStanding standing, Denomination in) {
      return new ChannelBody(
          standing.channelId(),
          "channel",
          in.live(),
          standing.status().name().toLowerCase(Locale.ROOT),
          standing.payer(),
          standing.token(),
          in.decimals(),
          standing.balance(),
          standing.charged(),
          standing.claimed(),
          standing.guarded(),
          standing.exposed(),
          standing.returned().orElse(Amount.ZERO));
    }
  }
}
