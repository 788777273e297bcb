// Runs npm's forge and ends as forge ended. The script that npm links as `forge` ends with success
// even when tests failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Where npm put the program for this platform. */
export function forgePath() {
  const platform = `forge-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  const path = join(root, "node_modules", "@foundry-rs", platform, "bin", "forge");
  if (!existsSync(path)) throw new Error(`${path} is missing: run \`npm ci\` in contracts/`);
  return path;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { status, error } = spawnSync(forgePath(), process.argv.slice(2), {
    cwd: root,
    stdio: "inherit",
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}
