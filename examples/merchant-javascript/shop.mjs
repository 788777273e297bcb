// A merchant that sells weather forecasts, a tenth of a cent each. The hub takes the payments.
import express from "express";

const hub = process.env.MILLRACE_URL ?? "http://127.0.0.1:8402";
const key = process.env.MILLRACE_KEY;
const port = process.env.PORT ?? 8602;
const price = "1000"; // in base units: of USDC, a millionth of a dollar
const skies = ["sun", "clouds", "rain", "snow"];

if (!key) throw new Error("MILLRACE_KEY is not set: the API key of a merchant of the hub");

// What the hub makes of a request to pay, or null while nobody can say.
async function ask(path, body) {
  try {
    const response = await fetch(hub + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(90_000), // A first payment waits for its deposit on the chain.
    });
    const answer = await response.json();
    if (response.ok || answer.payment_required) return answer;
    if (response.status < 500 && ![409, 429].includes(response.status)) {
      console.error("the hub does not understand this shop:", answer);
    }
  } catch (unreachable) {
    console.error("the hub cannot be reached:", unreachable.message);
  }
  return null;
}

// Lets only those through who have paid.
async function paid(request, response, next) {
  const url = `${request.protocol}://${request.get("host")}${request.originalUrl}`;
  const order = { amount: price, resource: { url } };
  const signature = request.get("PAYMENT-SIGNATURE");
  const answer = signature
    ? await ask("/v1/payments", { ...order, payment_signature: signature })
    : await ask("/v1/payment_requirements", order);
  if (!answer) {
    const error = "Not known yet whether you paid: send the same again.";
    response.status(503).set("Retry-After", "2").json({ error });
    return;
  }
  if (answer.payment_response) response.set("PAYMENT-RESPONSE", answer.payment_response);
  if (answer.payment_required) {
    response.status(402).set("PAYMENT-REQUIRED", answer.payment_required).json({});
  } else if (answer.object === "payment") {
    next();
  } else {
    response.json({}); // The client asked for its unspent money instead, and has it.
  }
}

const shop = express();
shop.get("/forecast/:city", paid, (request, response) => {
  const { city } = request.params;
  const sum = [...city].reduce((total, letter) => total + letter.codePointAt(0), 0);
  response.json({ city, tomorrow: skies[sum % skies.length] });
});

const server = shop.listen(port, "127.0.0.1", () =>
  console.log(`selling forecasts at http://127.0.0.1:${server.address().port}/forecast/Bern`),
);
