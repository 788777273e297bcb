package millrace.channel.book;

import millrace.channel.web.NotFound;
import millrace.messaging.command.ChannelView;
import millrace.protocol.type.ChannelId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ChannelController {
  private final ChannelRows channels;

  ChannelController(ChannelRows channels) {
    this.channels = channels;
  }

  @GetMapping("/internal/channels/{id}")
  ChannelView channel(@PathVariable ChannelId id) {
    return channels
        .find(id)
        .map(ChannelRow::view)
        .orElseThrow(() -> new NotFound("no channel " + id));
  }
}
