package millrace.payer.cli;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import millrace.payer.Http.Answer;
import millrace.payer.Objection;
import millrace.payer.Outcome;
import millrace.payer.PayerChannel;
import millrace.payer.Receipt;
import millrace.payer.RefundResult;
import millrace.payer.Withdrawal;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says how it went: the body or one JSON object on standard output, everything else on standard
/// error.
final class Report {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean quiet;

  Report(PayerOptions options) {
    this(System.out, System.err, options.json, options.quiet);
  }

  Report(PrintStream out, PrintStream err, boolean json, boolean quiet) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.quiet = quiet;
  }

  ExitCode outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Free(var answer) -> delivered(answer, "free", object());
      case Outcome.Paid(var answer, var receipt) -> paid(answer, receipt);
      case Outcome.Disputed(var answer, var why) -> {
        var _ = delivered(answer, "disputed", object().put("why", why));
        note("the receipt is wrong: " + why);
        yield ExitCode.UNKNOWN;
      }
      case Outcome.Unconfirmed(var answer) -> {
        var code = delivered(answer, "unconfirmed", object());
        note("the server answered %d and gave no receipt".formatted(answer.status()));
        yield code == ExitCode.OK || answer.status() >= 500 ? ExitCode.UNKNOWN : code;
      }
      case Outcome.Refused(var answer, var error) -> {
        result("refused", object().put("status", answer.status()).put("error", error));
        note("the hub refused the payment: " + error);
        yield ExitCode.REFUSED;
      }
      case Outcome.Declined(var objection, var detail) -> declined(objection, detail);
      case Outcome.Unanswered(var cause) -> unanswered(cause);
    };
  }

  private ExitCode paid(Answer answer, Receipt receipt) {
    var node =
        object()
            .put("channelId", receipt.channelId().toString())
            .put("charged", receipt.charged().toString())
            .put("chargedCumulative", receipt.chargedCumulative().toString())
            .put("replayed", receipt.replayed());
    receipt.deposited().ifPresent(amount -> node.put("deposited", amount.toString()));
    receipt.transaction().ifPresent(hash -> node.put("transaction", hash.toString()));
    receipt.identifier().ifPresent(id -> node.put("identifier", id.value()));
    receipt.deposited().ifPresent(amount -> progress("deposited " + amount));
    progress(
        "paid %s, %s in all from channel %s"
            .formatted(receipt.charged(), receipt.chargedCumulative(), receipt.channelId()));
    return delivered(answer, "paid", node);
  }

  private ExitCode delivered(Answer answer, String outcome, ObjectNode node) {
    if (json) {
      node.put("status", answer.status());
      putBody(node, answer.body());
      result(outcome, node);
    } else {
      out.writeBytes(answer.body());
      out.flush();
    }
    if (!answer.isSuccess()) note("the server answered " + answer.status());
    return answer.isSuccess() ? ExitCode.OK : ExitCode.HTTP_ERROR;
  }

  private static void putBody(ObjectNode node, byte[] body) {
    try {
      node.put(
          "body", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException binary) {
      node.put("bodyBase64", Base64.getEncoder().encodeToString(body));
    }
  }

  ExitCode refund(RefundResult result) {
    return switch (result) {
      case RefundResult.Refunded(var amount, var transaction, var channel) -> {
        var node = write(channel).put("amount", amount.toString());
        transaction.ifPresent(hash -> node.put("transaction", hash.toString()));
        result("refunded", node);
        progress("%s came back to %s".formatted(amount, channel.config().payer()));
        yield ExitCode.OK;
      }
      case RefundResult.Refused(var answer, var error) -> {
        result("refused", object().put("status", answer.status()).put("error", error));
        note("the hub refused the refund: " + error);
        yield ExitCode.REFUSED;
      }
      case RefundResult.Unconfirmed(var answer) -> {
        result("unconfirmed", object().put("status", answer.status()));
        note("the hub answered %d; the refund may still come".formatted(answer.status()));
        yield ExitCode.UNKNOWN;
      }
      case RefundResult.Declined(var objection, var detail) -> declined(objection, detail);
      case RefundResult.Unanswered(var cause) -> unanswered(cause);
    };
  }

  ExitCode withdrawal(Withdrawal withdrawal) {
    return switch (withdrawal) {
      case Withdrawal.Initiated(var amount, var transaction, var delay) -> {
        result(
            "initiated",
            object()
                .put("amount", amount.toString())
                .put("transaction", transaction.toString())
                .put("delaySeconds", delay));
        progress("%s can be taken out in %d seconds".formatted(amount, delay));
        yield ExitCode.OK;
      }
      case Withdrawal.Finalized(var amount, var transaction) -> {
        result(
            "finalized",
            object().put("amount", amount.toString()).put("transaction", transaction.toString()));
        progress("took out " + amount);
        yield ExitCode.OK;
      }
      case Withdrawal.Declined(var objection) -> declined(objection, "");
      case Withdrawal.Failed(var cause) -> {
        result("failed", object().put("why", String.valueOf(cause.getMessage())));
        note("the chain did not do it: " + cause.getMessage());
        yield ExitCode.CHAIN;
      }
    };
  }

  ExitCode channels(List<PayerChannel> channels) {
    if (json) {
      var array = JsonNodeFactory.instance.arrayNode();
      channels.forEach(channel -> array.add(write(channel)));
      out.println(MAPPER.writeValueAsString(array));
    } else {
      channels.forEach(
          channel ->
              out.printf(
                  "%s  %s  paid %s  left %s%s%n",
                  channel.id(),
                  channel.network(),
                  channel.charged(),
                  channel.available(),
                  channel.withdrawing() ? "  withdrawing" : ""));
    }
    return ExitCode.OK;
  }

  ExitCode failed(String why) {
    result("failed", object().put("why", why));
    note(why);
    return ExitCode.UNKNOWN;
  }

  private ExitCode declined(Objection objection, String detail) {
    result(
        "declined",
        object()
            .put("objection", objection.name())
            .put("why", objection.text())
            .put("detail", detail));
    note("not paid: " + objection.text() + (detail.isEmpty() ? "" : " (" + detail + ")"));
    return ExitCode.DECLINED;
  }

  private ExitCode unanswered(Exception cause) {
    result("unanswered", object().put("why", cause.toString()));
    note("no answer: " + cause);
    return ExitCode.UNKNOWN;
  }

  private static ObjectNode write(PayerChannel channel) {
    return object()
        .put("channelId", channel.id().toString())
        .put("network", channel.network().toString())
        .put("hub", channel.config().receiver().toString())
        .put("token", channel.config().token().toString())
        .put("charged", channel.charged().toString())
        .put("balance", channel.balance().toString())
        .put("available", channel.available().toString())
        .put("withdrawing", channel.withdrawing());
  }

  private void result(String outcome, ObjectNode node) {
    if (!json) return;
    var whole = object().put("outcome", outcome);
    whole.setAll(node);
    out.println(MAPPER.writeValueAsString(whole));
  }

  private void progress(String text) {
    if (!quiet) err.println(text);
  }

  private void note(String text) {
    err.println(text);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
