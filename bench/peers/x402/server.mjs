// The stock x402 server: one route of scheme batch-settlement on Express, with the facilitator of the
// same packages in the process. Only the packages' public interface is used, and nothing of it is
// replaced. Writes one line of JSON when it is ready and ends with its standard input.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import express from "express";
import { x402Facilitator } from "@x402/core/facilitator";
import { toFacilitatorEvmSigner } from "@x402/evm";
import { BatchSettlementEvmScheme as FacilitatorScheme } from "@x402/evm/batch-settlement/facilitator";
import { BatchSettlementEvmScheme as ServerScheme } from "@x402/evm/batch-settlement/server";
import { FileChannelStorage } from "@x402/evm/batch-settlement/server/file-storage";
import {
  paymentMiddlewareFromHTTPServer,
  x402HTTPResourceServer,
  x402ResourceServer,
} from "@x402/express";
import { createTestClient, createWalletClient, http, nonceManager, publicActions } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";

// Where every public chain has it; a development chain does not, and the facilitator reads through it.
const MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11";

const { values: settings } = parseArgs({
  options: {
    rpc: { type: "string" },
    "facilitator-key": { type: "string" },
    "receiver-key": { type: "string" },
    network: { type: "string" },
    token: { type: "string" },
    "token-name": { type: "string" },
    "token-version": { type: "string" },
    price: { type: "string" },
    // A directory for FileChannelStorage; without it the package's default, which is memory.
    directory: { type: "string" },
  },
});

async function placeMulticall() {
  const chain = createTestClient({ mode: "anvil", chain: foundry, transport: http(settings.rpc) })
    .extend(publicActions);
  if (await chain.getCode({ address: MULTICALL3 })) return;
  const viem = dirname(createRequire(import.meta.url).resolve("viem/package.json"));
  const constants = pathToFileURL(join(viem, "_esm/constants/contracts.js"));
  const { multicall3Bytecode } = await import(constants);
  const { data } = await chain.call({ data: multicall3Bytecode });
  await chain.setCode({ address: MULTICALL3, bytecode: data });
}

function facilitator() {
  // Deposits are sent side by side, so their nonces are counted here and not asked for.
  const account = privateKeyToAccount(settings["facilitator-key"], { nonceManager });
  const client = createWalletClient({
    account,
    chain: foundry,
    transport: http(settings.rpc),
    pollingInterval: 200,
  }).extend(publicActions);
  const signer = toFacilitatorEvmSigner({ ...client, address: account.address });
  return new x402Facilitator().register(settings.network, new FacilitatorScheme(signer));
}

function paidRoute() {
  const receiver = privateKeyToAccount(settings["receiver-key"]);
  const scheme = new ServerScheme(receiver.address, {
    receiverAuthorizerSigner: receiver,
    ...(settings.directory
      ? { storage: new FileChannelStorage({ directory: settings.directory }) }
      : {}),
  });
  const server = new x402ResourceServer(facilitator()).register(settings.network, scheme);
  return new x402HTTPResourceServer(server, {
    "GET /paid": {
      accepts: {
        scheme: "batch-settlement",
        network: settings.network,
        payTo: receiver.address,
        price: {
          amount: settings.price,
          asset: settings.token,
          extra: { name: settings["token-name"], version: settings["token-version"] },
        },
      },
      description: "bench",
      mimeType: "application/json",
    },
  });
}

await placeMulticall();
const paid = paidRoute();
await paid.initialize();

const app = express();
app.use(paymentMiddlewareFromHTTPServer(paid, undefined, undefined, false));
app.get("/paid", (_request, response) => response.json({ goods: "paid" }));
const listening = app.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: listening.address().port })}\n`);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
