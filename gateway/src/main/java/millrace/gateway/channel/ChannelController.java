package millrace.gateway.channel;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.Choice;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.ChannelStanding;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The channels that a merchant was paid from, as they stand now.
@RestController
@Tag(name = "channels")
class ChannelController {
  private final PaidChannels paid;
  private final ChannelSearch search;
  private final ChannelNotes notes;
  private final Hub hub;
  private final Denomination denomination;

  ChannelController(
      PaidChannels paid,
      ChannelSearch search,
      ChannelNotes notes,
      Hub hub,
      Denomination denomination) {
    this.paid = paid;
    this.search = search;
    this.notes = notes;
    this.hub = hub;
    this.denomination = denomination;
  }

  @GetMapping("/v1/channels/{id}")
  @Operation(
      operationId = "getChannel",
      summary = "Show a channel that paid you",
      description = "Amounts are the channel's own, whoever was paid from it.")
  ChannelBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    var channel = standing(caller, id);
    return ChannelBody.of(channel, notes.on(caller.merchant(), channel.channelId()), denomination);
  }

  @PatchMapping("/v1/channels/{id}")
  @Operation(
      operationId = "updateChannel",
      summary = "Note something on a channel that paid you",
      description =
          "The metadata is yours alone: other merchants who are paid from the channel do not see"
              + " it. Keys that are absent stay as they are; an empty text removes one.")
  ChannelBody update(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @PathVariable String id,
      @RequestBody @Valid ChannelChange body) {
    var channel = standing(caller, id);
    var noted =
        notes.change(caller.merchant(), channel.channelId(), Metadata.orNone(body.metadata()));
    return ChannelBody.of(channel, noted, denomination);
  }

  private ChannelStanding standing(Caller caller, String id) {
    return channelId(id)
        .filter(channel -> paid.paid(channel, caller.merchant()))
        .flatMap(channel -> hub.standings(List.of(channel)).stream().findFirst())
        .orElseThrow(() -> Problem.notFound("channel").asException());
  }

  @GetMapping("/v1/channels")
  @Operation(
      operationId = "listChannels",
      summary = "List the channels that paid you, in the order of their ids",
      description =
          "A channel appears a moment after its first payment. By status, guarded and created"
              + " channels are looked through, a few thousand in one call: a page may be short, or"
              + " empty, although has_more is true. next_starting_after says where to go on.")
  ChannelPage list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false)
          @Schema(allowableValues = {"opening", "open", "frozen", "underfunded", "lost", "closed"})
          @Nullable String status,
      @RequestParam(required = false)
          @Schema(description = "true: nothing is exposed; false: something is")
          @Nullable Boolean guarded,
      @RequestParam(required = false) @Nullable String payer,
      @RequestParam(required = false) @Nullable String asset,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    int size = PageRequest.of("", limit, null).limit();
    var after =
        Optional.ofNullable(startingAfter)
            .map(text -> channelId(text).orElseThrow(ChannelController::notACursor));
    var wanted =
        new ChannelFilter(
            Choice.of(ChannelStanding.Status.class, "status", status),
            Optional.ofNullable(guarded),
            Wanted.address("payer", payer),
            Wanted.address("asset", asset),
            Period.of(from, to));
    var found = search.find(caller.merchant(), wanted, after, size);
    var noted =
        notes.on(
            caller.merchant(), found.channels().stream().map(ChannelStanding::channelId).toList());
    return ChannelPage.of(
        found,
        channel ->
            ChannelBody.of(
                channel, noted.getOrDefault(channel.channelId(), Metadata.NONE), denomination));
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

  record ChannelChange(@Nullable Metadata metadata) {}

  @Schema(name = "PageChannel")
  record ChannelPage(
      @Schema(example = "list") String object,
      List<ChannelBody> data,
      @JsonProperty("has_more") boolean hasMore,
      @JsonProperty("next_starting_after")
          @Schema(
              implementation = String.class,
              description = "The starting_after of the next page, where has_more is true")
          @Nullable ChannelId nextStartingAfter) {
    static ChannelPage of(ChannelSearch.Found found, Function<ChannelStanding, ChannelBody> form) {
      return new ChannelPage(
          "list",
          found.channels().stream().map(form).toList(),
          found.more(),
          found.next().orElse(null));
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
          Amount returned,
      @Schema(description = "Your own notes; others who are paid from it have theirs")
          Metadata metadata,
      @JsonProperty("created_at")
          @Schema(description = "When the hub first knew it; absent where that is not known")
          @Nullable Instant createdAt) {
    static ChannelBody of(ChannelStanding standing, Metadata metadata, Denomination in) {
      return new ChannelBody(
          standing.channelId(),
          "channel",
          in.live(),
          Choice.word(standing.status()),
          standing.payer(),
          standing.token(),
          in.decimals(),
          standing.balance(),
          standing.charged(),
          standing.claimed(),
          standing.guarded(),
          standing.exposed(),
          standing.returned().orElse(Amount.ZERO),
          metadata,
          standing.createdAt().orElse(null));
    }
  }
}
