package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import millrace.chain.rpc.Fees;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tower's notes as they stand in its file, version 1.
final class NotesJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private NotesJson() {}

  static String write(Terms terms, Notes notes) {
    var root = JSON.createObjectNode();
    root.put("chain_id", terms.chainId().toString());
    root.put("vault", terms.vault().toString());
    root.put("payee", terms.payee().toString());
    root.put("token", terms.token().toString());
    var promises = root.putArray("promises");
    for (var promise : notes.held().promises()) {
      promises
          .addObject()
          .put("cumulative", promise.cumulative().toString())
          .put("signature", promise.signature().toString())
          .put("key", promise.key().toString());
    }
    notes.cursor().ifPresent(cursor -> root.put("cursor", cursor));
    notes.heardAt().ifPresent(at -> root.put("heard_at", at.toString()));
    notes.due().ifPresent(due -> due(root, due));
    notes.attempt().ifPresent(attempt -> attempt(root, attempt));
    return root.toString();
  }

  private static void due(ObjectNode root, Due due) {
    root.putObject("due")
        .put("promised", due.promised().toString())
        .put("since", due.since().toString());
  }

  private static void attempt(ObjectNode root, Attempt attempt) {
    root.putObject("attempt")
        .put("nonce", attempt.nonce())
        .put("max_fee_wei", attempt.fees().maxFeeWei().toString())
        .put("priority_fee_wei", attempt.fees().priorityFeeWei().toString())
        .put("block", attempt.block());
  }

  /// @throws IllegalArgumentException when the notes are about something else
  static Notes read(Terms terms, String text) {
    var root = JSON.readTree(text);
    require(root, "chain_id", terms.chainId().toString());
    require(root, "vault", terms.vault().toString());
    require(root, "payee", terms.payee().toString());
    require(root, "token", terms.token().toString());
    var promises = new ArrayList<SignedPromise>();
    for (var promise : root.path("promises")) {
      promises.add(
          new SignedPromise(
              terms.payee(),
              terms.token(),
              Amount.of(promise.path("cumulative").asString()),
              Signature.of(promise.path("signature").asString()),
              Address.of(promise.path("key").asString()),
              Optional.of(terms.vault())));
    }
    return new Notes(
        new Held(promises),
        Optional.ofNullable(root.get("cursor")).map(JsonNode::asString),
        Optional.ofNullable(root.get("heard_at")).map(at -> Instant.parse(at.asString())),
        Optional.ofNullable(root.get("due"))
            .map(
                due ->
                    new Due(
                        Amount.of(due.path("promised").asString()),
                        Instant.parse(due.path("since").asString()))),
        Optional.ofNullable(root.get("attempt")).map(NotesJson::attempt));
  }

  private static Attempt attempt(JsonNode node) {
    return new Attempt(
        node.path("nonce").asLong(),
        new Fees(
            new BigInteger(node.path("max_fee_wei").asString()),
            new BigInteger(node.path("priority_fee_wei").asString())),
        node.path("block").asLong());
  }

  private static void require(JsonNode root, String name, String expected) {
    var found = root.path(name).asString("");
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          "the notes are for %s %s and not for %s".formatted(name, found, expected));
    }
  }
}
