package millrace.gateway.checkout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.HubException;
import millrace.gateway.hub.Reply;
import millrace.gateway.hub.Reply.Answered;
import millrace.gateway.hub.Reply.Unanswered;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.protocol.type.ChannelId;

/// Charges what came together, in as few calls as its number takes. One call follows another,
/// because a voucher builds on those before it; after one without an answer nothing more is sent.
final class ChargeRun {
  private final Hub hub;
  private final List<Charge> commands;
  private final Patience patience;
  private final Reply[] replies;

  private ChargeRun(Hub hub, List<Charge> commands) {
    this.hub = hub;
    this.commands = commands;
    this.patience = Patience.of(hub.patience());
    this.replies = new Reply[commands.size()];
  }

  /// Replies in the order of the commands. Those of a busy channel are asked again for a while.
  static List<Reply> of(Hub hub, List<Charge> commands, Duration busyWait) {
    var run = new ChargeRun(hub, commands);
    var busy = Patience.of(busyWait);
    var open = IntStream.range(0, commands.size()).boxed().toList();
    do {
      run.send(open);
      open = run.waiting(open);
    } while (!open.isEmpty() && busy.pause());
    return List.of(run.replies);
  }

  private void send(List<Integer> open) {
    boolean answered = true;
    for (int from = 0; from < open.size(); from += hub.batchSize()) {
      var part = open.subList(from, Math.min(open.size(), from + hub.batchSize()));
      if (answered) {
        answered = call(part);
      } else {
        for (int index : part) replies[index] = new Unanswered(HubException.notSent());
      }
    }
  }

  private boolean call(List<Integer> part) {
    var together = part.stream().<PaymentCommand>map(commands::get).toList();
    var answers = hub.sendTogether(together, patience.left());
    boolean answered = !patience.left().isZero();
    for (int i = 0; i < part.size(); i++) {
      replies[part.get(i)] = answers.get(i);
      if (answers.get(i) instanceof Unanswered(HubException _)) answered = false;
    }
    return answered;
  }

  /// A refusal changed nothing, so it may be asked for again: it is not final while an earlier
  /// payment of its channel waits.
  private List<Integer> waiting(List<Integer> open) {
    var busy = new HashSet<ChannelId>();
    var waiting = new ArrayList<Integer>();
    for (int index : open) {
      if (replies[index] instanceof Answered(Refused refused)) {
        var channel = commands.get(index).request().voucher().voucher().channelId();
        if (Checkout.isBusy(refused)) busy.add(channel);
        if (busy.contains(channel)) waiting.add(index);
      }
    }
    return waiting;
  }
}
