// Writes artifacts/<Contract>.json from src/, or checks that what is committed is what src/ gives.
// Java wrappers are generated from these files, so that a Java build needs no Solidity compiler.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { forgePath } from "./tools/forge.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const contracts = ["PaymentChannels", "ERC3009DepositCollector", "HubVault", "DevToken"];
const bytecodeLimit = 24_576;

function compiled() {
  // A directory of its own and no cache: what is compared must not be left over from another build.
  const out = "out/artifacts";
  rmSync(join(here, out), { recursive: true, force: true });
  const arguments_ = ["build", "--force", "--skip", "test", "--out", out, "--cache-path", out];
  try {
    execFileSync(forgePath(), arguments_, {
      cwd: here,
      env: { ...process.env, FOUNDRY_PROFILE: "artifacts" },
      stdio: "pipe",
    });
  } catch (failure) {
    throw new Error(`forge could not compile src/:\n${failure.stdout}${failure.stderr}`);
  }
  return contracts.map((name) => {
    const build = JSON.parse(readFileSync(join(here, out, `${name}.sol`, `${name}.json`), "utf8"));
    const artifact = {
      contractName: name,
      abi: build.abi,
      bytecode: build.bytecode.object,
      deployedBytecode: build.deployedBytecode.object,
    };
    if ((artifact.deployedBytecode.length - 2) / 2 > bytecodeLimit) {
      throw new Error(`${name} is larger than a contract may be`);
    }
    return { file: join("artifacts", `${name}.json`), text: JSON.stringify(artifact, null, 1) + "\n" };
  });
}

function write() {
  mkdirSync(join(here, "artifacts"), { recursive: true });
  for (const { file, text } of compiled()) {
    writeFileSync(join(here, file), text);
    console.log(`wrote ${file}`);
  }
}

function check() {
  const stale = compiled().filter(({ file, text }) => {
    try {
      return readFileSync(join(here, file), "utf8") !== text;
    } catch {
      return true;
    }
  });
  if (stale.length > 0) {
    throw new Error(
      `not what src/ compiles to: ${stale.map(({ file }) => file).join(", ")}. ` +
        "Run `npm run compile` in contracts/ and commit the result.",
    );
  }
  console.log("artifacts match src/");
}

try {
  const command = { write, check }[process.argv[2]];
  if (!command) throw new Error("usage: node compile.mjs write|check");
  command();
} catch (failure) {
  console.error(`compile: ${failure.message}`);
  process.exitCode = 1;
}
