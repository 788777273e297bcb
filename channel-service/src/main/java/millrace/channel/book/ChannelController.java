package millrace.channel.book;

import java.util.List;
import java.util.stream.Stream;
import millrace.channel.web.BadRequest;
import millrace.channel.web.NotFound;
import millrace.messaging.command.ChannelStanding;
import millrace.messaging.command.ChannelView;
import millrace.protocol.type.ChannelId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ChannelController {
  private static final int MOST_AT_ONCE = 200;

  private final ChannelRows channels;

  ChannelController(ChannelRows channels) {
    this.channels = channels;
  }

  /// Those of the channels that are known, in the order asked for.
  @PostMapping("/internal/channels/standings")
  List<ChannelStanding> standings(@RequestBody List<ChannelId> ids) {
    if (ids.size() > MOST_AT_ONCE) {
      throw new BadRequest("at most " + MOST_AT_ONCE + " channels at once");
    }
    var standings = channels.standings(ids);
    return ids.stream().flatMap(id -> Stream.ofNullable(standings.get(id))).toList();
  }

  @GetMapping("/internal/channels/{id}")
  ChannelView channel(@PathVariable ChannelId id) {
    return channels
        .find(id)
        .map(ChannelRow::view)
        .orElseThrow(() -> new NotFound("no channel " + id));
  }
}
