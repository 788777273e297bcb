// Drives stock x402 clients for the acceptance tests: one JSON object per line in, one per line out.
// Only the packages' public interface is used, and nothing of it is replaced.
import { createInterface } from "node:readline";
import { BatchSettlementEvmScheme } from "@x402/evm/batch-settlement/client";
import { FileClientChannelStorage } from "@x402/evm/batch-settlement/client/file-storage";
import { toClientEvmSigner } from "@x402/evm";
import { decodePaymentResponseHeader, wrapFetchWithPayment, x402Client } from "@x402/fetch";
import { createPublicClient, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const clients = new Map();

const commands = {
  // A client with a directory for its channels. The same key with another directory is a client that
  // has lost its state.
  open({ client, key, rpcUrl, network, directory }) {
    const reader = createPublicClient({ transport: http(rpcUrl) });
    const signer = toClientEvmSigner(privateKeyToAccount(key), reader);
    const scheme = new BatchSettlementEvmScheme(signer, {
      storage: new FileClientChannelStorage({ directory }),
    });
    // The test token is none of the assets it knows, so its spend controls would refuse it.
    const x402 = new x402Client().setSpendControls(false).register(network, scheme);
    clients.set(client, { scheme, fetch: wrapFetchWithPayment(fetch, x402) });
    return {};
  },

  async pay({ client, url, method = "GET", body }) {
    const response = await opened(client).fetch(url, { method, body });
    const receipt = response.headers.get("PAYMENT-RESPONSE");
    return {
      status: response.status,
      body: await response.text(),
      receipt: receipt ? decodePaymentResponseHeader(receipt) : null,
    };
  },

  // One after the other, as many as asked for; stops at the first that is not served.
  async payMany({ client, url, count }) {
    let served = 0;
    let charged = 0n;
    while (served < count) {
      const { status, body, receipt } = await commands.pay({ client, url });
      if (status !== 200) return { served, charged: String(charged), status, body };
      served += 1;
      charged += BigInt(receipt?.extra?.chargedAmount ?? 0);
    }
    return { served, charged: String(charged) };
  },

  // Without an amount: everything.
  async refund({ client, url, amount }) {
    return { receipt: await opened(client).scheme.refund(url, { amount }) };
  },
};

function opened(name) {
  const client = clients.get(name);
  if (!client) throw new Error(`no client ${name}`);
  return client;
}

async function answer(line) {
  const { id, command, ...rest } = JSON.parse(line);
  try {
    if (!Object.hasOwn(commands, command)) throw new Error(`no command ${command}`);
    return { id, ok: true, ...(await commands[command](rest)) };
  } catch (error) {
    const cause = error.cause ? `: ${error.cause.message ?? error.cause}` : "";
    return { id, ok: false, error: `${error.message}${cause}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  // Not awaited: commands of several clients may run side by side.
  answer(line).then((reply) => process.stdout.write(`${JSON.stringify(reply)}\n`));
}
