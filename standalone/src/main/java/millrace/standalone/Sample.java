package millrace.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.embedded.DevAccount;
import millrace.embedded.WholeFile;
import millrace.protocol.type.Amount;
import millrace.standalone.demo.HubApi;
import millrace.standalone.demo.Shop;
import millrace.standalone.hub.LocalHub;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A merchant, a paywalled route and a funded payer, made at the first start and kept: what a
/// newcomer needs to see a payment within a minute.
final class Sample {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final DevAccount PAYER = DevAccount.payer(0);
  private static final Amount FUNDS = Amount.of(100_000_000);

  private final Path file;
  private final Map<String, String> kept;

  private Sample(Path file, Map<String, String> kept) {
    this.file = file;
    this.kept = kept;
  }

  static Sample in(Path folder) {
    var file = folder.resolve("sample.json");
    try {
      Files.createDirectories(folder);
      var kept =
          Files.exists(file)
              ? JSON.readValue(Files.readString(file), new TypeReference<Map<String, String>>() {})
              : Map.<String, String>of();
      var sample = new Sample(file, new LinkedHashMap<>(kept));
      if (!kept.containsKey("operator_key")) sample.keep("operator_key", Secrets.fresh());
      return sample;
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + file, failure);
    }
  }

  /// The one given, or told by the environment, or kept by `millrace up`.
  static String operatorKey(String given) {
    if (!given.isEmpty()) return given;
    var told = System.getenv("MILLRACE_OPERATOR_KEY");
    return told == null ? in(DataFolder.up()).operatorKey() : told;
  }

  String operatorKey() {
    return value("operator_key");
  }

  Sample prepare(LocalHub hub, Shop shop) throws InterruptedException {
    if (!kept.containsKey("route_url")) {
      var operator = new HubApi(hub.url(), operatorKey());
      var made =
          operator.post(
              "/v1/merchants",
              Map.of("name", "sample", "payout_address", DevAccount.payer(9).address().toString()));
      var secret = made.path("api_key").path("secret").asString();
      var route =
          operator
              .as(secret)
              .post(
                  "/v1/routes",
                  Map.of(
                      "upstream_url",
                      shop.url("/hello"),
                      "price",
                      "1000",
                      "description",
                      "A greeting for a tenth of a cent"));
      hub.chain().fund(PAYER.address(), FUNDS);
      keep("merchant_key", secret);
      keep("route_url", hub.url() + route.path("path").asString());
    }
    return this;
  }

  String text(LocalHub hub) {
    var chain = hub.chain().deployment();
    return """
        gateway          %1$s          (its API: %1$s/docs)
        operator key     %2$s
        merchant's key   %3$s
        paywalled route  %4$s          (1000 base units, a tenth of a cent)
        payer's key      %5$s          (100 dev USDC, no ether needed)
        dev chain        %6$s          (id %7$d, token %8$s)

        See the offer:
          curl -i %4$s

        Pay it:
          ./millrace pay %4$s --key %5$s --rpc-url %6$s --store %9$s

        Pay it with the stock x402 client: in an empty folder `npm install @x402/fetch @x402/evm viem`,
        save this as pay.mjs, and run `node pay.mjs`:
          import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
          import { toClientEvmSigner } from "@x402/evm";
          import { wrapFetchWithPayment, x402Client } from "@x402/fetch";
          import { createPublicClient, http } from "viem";
          import { privateKeyToAccount } from "viem/accounts";
          const chain = createPublicClient({ transport: http("%6$s") });
          const signer = toClientEvmSigner(privateKeyToAccount("%5$s"), chain);
          const client = new x402Client().setSpendControls(false) // the token is not on its list
            .register("eip155:%7$d", new BatchSettlementEvmScheme(signer));
          const answer = await wrapFetchWithPayment(fetch, client)("%4$s");
          console.log(answer.status, await answer.text());

        What the merchant has earned:
          curl -H "Authorization: Bearer %3$s" %1$s/v1/balance
        """
        .formatted(
            hub.url(),
            operatorKey(),
            value("merchant_key"),
            value("route_url"),
            PAYER.privateKey(),
            chain.rpcUrl(),
            chain.chainId(),
            chain.token(),
            payerStore());
  }

  /// Beside the chain, which forgets its channels when the data are deleted: a payer that remembers
  /// more than the chain would be refused.
  private Path payerStore() {
    var store = file.resolveSibling("payer").toAbsolutePath();
    var here = Path.of("").toAbsolutePath();
    return store.startsWith(here) ? here.relativize(store) : store;
  }

  private String value(String name) {
    var value = kept.get(name);
    if (value == null) throw new IllegalStateException(file + " lacks " + name);
    return value;
  }

  private void keep(String name, String value) {
    kept.put(name, value);
    try {
      WholeFile.write(file, JSON.writeValueAsString(kept));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + file, failure);
    }
  }
}
