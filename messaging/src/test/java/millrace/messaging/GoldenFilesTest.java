package millrace.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.messaging.command.ChannelStanding;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.Event;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What is stored or published must be readable for as long as somebody may have it. A golden file
/// that has to change tells that old readers break.
class GoldenFilesTest {
  private final EventCodec codec = new EventCodec();

  static Stream<Event> events() {
    return Samples.events().stream();
  }

  static Stream<Object> commands() {
    return Samples.commands().stream();
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsWrittenAsItsGoldenFileAndReadBack(Event event) throws Exception {
    var type = codec.typeOf(event);
    var golden = golden(type);
    assertThat(tree(codec.encode(event))).isEqualTo(tree(golden));
    assertThat(codec.decode(type, golden.getBytes(UTF_8))).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandOrOutcomeIsWrittenAsItsGoldenFileAndReadBack(Object command) {
    var json = MessagingJson.strict();
    var golden = golden("command." + name(command.getClass()));
    assertThat(tree(json.writeValueAsString(command))).isEqualTo(tree(golden));
    assertThat((Object) json.readValue(golden, readAs(command))).isEqualTo(command);
  }

  /// What may be claimed and what paid came with the second version of these; the first ones, whose
  /// golden files are still the samples without them, say that nothing is held or given back.
  @Test
  void whatIsDueIsWrittenWhereItIsNotAllThatWasCharged() {
    var json = MessagingJson.mapper();
    var first =
        json.readValue(golden("millrace.channel.payment_accepted.v1"), PaymentAccepted.class);
    assertThat(first.claimTarget()).isEqualTo(first.charged());
    var later =
        json.readValue(golden("millrace.channel.payment_accepted.v1.due"), PaymentAccepted.class);
    assertThat(later.claimTarget()).isEqualTo(Amount.of(1_350));
    assertThat(tree(codec.encode(later)))
        .isEqualTo(tree(golden("millrace.channel.payment_accepted.v1.due")));
    var taken = json.readValue(golden("command.paymentoutcome.taken.credit"), PaymentOutcome.class);
    assertThat(tree(json.writeValueAsString(taken)))
        .isEqualTo(tree(golden("command.paymentoutcome.taken.credit")));
    assertThat(((PaymentOutcome.Taken) taken).chargedAnew()).isEqualTo(Amount.of(30));
  }

  /// What says that a refund is on chain came later, too; without it a refund is credit, or the
  /// payer's own.
  @ParameterizedTest
  @CsvSource({
    "millrace.channel.give_back_failed.v1, on_chain",
    "millrace.channel.refund_authorized.v1, merchant",
    "millrace.settlement.refund_failed.v1, merchant"
  })
  void aRefundOnChainIsWrittenAsItsGoldenFileAndReadBack(String type, String what)
      throws Exception {
    var golden = golden(type + "." + what);
    var event = codec.decode(type, golden.getBytes(UTF_8));
    assertThat(tree(codec.encode(event))).isEqualTo(tree(golden));
    assertThat(event).isNotEqualTo(codec.decode(type, golden(type).getBytes(UTF_8)));
  }

  @Test
  void aRefundThatLeftOnChainNamesItsTransaction() {
    var golden = golden("command.givebackoutcome.taken.on_chain");
    var taken = MessagingJson.strict().readValue(golden, GiveBackOutcome.class);
    assertThat(tree(MessagingJson.strict().writeValueAsString(taken))).isEqualTo(tree(golden));
    var refund = ((GiveBackOutcome.Taken) taken).refund();
    assertThat(refund.leavesOnChain()).isTrue();
    assertThat(refund.transaction()).isPresent();
  }

  @Test
  void aChannelSaysSinceWhenThereIsItAndWhatWasReturned() {
    var golden = golden("command.channelstanding.created");
    var standing = MessagingJson.strict().readValue(golden, ChannelStanding.class);
    assertThat(tree(MessagingJson.strict().writeValueAsString(standing))).isEqualTo(tree(golden));
    assertThat(standing.createdAt()).contains(Instant.parse("2026-11-30T12:00:00Z"));
    assertThat(standing.returned()).contains(Amount.of(20));
  }

  @Test
  void aPageOfPaymentsIsReadAsItsGoldenFile() throws Exception {
    var page = golden(PaymentPages.TYPE).getBytes(UTF_8);
    var lines = PaymentPages.lines(page);
    assertThat(lines).hasSize(2);
    var payment = codec.decode("millrace.channel.payment_accepted.v1", lines.getFirst());
    assertThat(Samples.events()).contains(payment);
    assertThat(PaymentPages.channelOf(lines.get(1))).isEqualTo(Samples.CHANNEL.toString());
    var received =
        ReceivedEvent.ofPage(Samples.CHANNEL.toString(), () -> (PaymentAccepted) payment);
    assertThat(received.id()).hasToString("3896e9cf-79b2-3597-8cde-a114a32fb78f");
    assertThat(received.at()).isEqualTo(Samples.AT);
  }

  @Test
  void aLineOfAPageThatNamesNoChannelIsNone() {
    for (var line :
        List.of("", "{}", "[]", "{\"channelId\":7}", "{\"other\":{\"channelId\":\"x\"}}")) {
      assertThatThrownBy(() -> PaymentPages.channelOf(line.getBytes(UTF_8)))
          .as(line)
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void everyEventHasASample() {
    assertThat(leaves(Event.class)).isEqualTo(classes(Samples.events().stream()));
  }

  @Test
  void everyBranchOfACommandOrOutcomeHasASample() {
    var sealed =
        Stream.of(
                PaymentCommand.class,
                PaymentOutcome.class,
                DepositOutcome.class,
                RefundOutcome.class,
                HoldEndOutcome.class,
                GiveBackOutcome.class,
                PayoutOutcome.class)
            .flatMap(type -> leaves(type).stream())
            .collect(Collectors.toSet());
    assertThat(classes(Samples.commands().stream())).containsAll(sealed);
  }

  /// As the receiver does, who knows the interface and not the branch.
  private static Class<?> readAs(Object command) {
    var interfaces = command.getClass().getInterfaces();
    return interfaces.length == 1 ? interfaces[0] : command.getClass();
  }

  private static Object tree(String json) {
    return MessagingJson.mapper().readTree(json);
  }

  private static String golden(String name) {
    try (var file = GoldenFilesTest.class.getResourceAsStream("/golden/" + name + suffix(name))) {
      assertThat(file).as("golden file of %s", name).isNotNull();
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String suffix(String name) {
    return name.equals(PaymentPages.TYPE) ? ".ndjson" : ".json";
  }

  static String name(Class<?> type) {
    var enclosing = type.getEnclosingClass();
    var prefix = enclosing == null ? "" : enclosing.getSimpleName() + ".";
    return (prefix + type.getSimpleName()).toLowerCase(Locale.ROOT);
  }

  private static Set<Class<?>> classes(Stream<?> samples) {
    return samples.map(Object::getClass).collect(Collectors.toSet());
  }

  private static Set<Class<?>> leaves(Class<?> type) {
    if (!type.isSealed()) return Set.of(type);
    return Stream.of(type.getPermittedSubclasses())
        .flatMap(branch -> leaves(branch).stream())
        .collect(Collectors.toSet());
  }
}
