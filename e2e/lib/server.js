// Starts a server binary on a free port and waits until it answers.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

const PATIENCE_MS = 20_000;

// A port nobody listens on now.
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// `args` may name the port as `{port}`. Gives { url, port, output(), stop() }; fails with what the server said.
export async function start(command, args = [], { env = {}, cwd, probe = "/" } = {}) {
  const port = await freePort();
  const filled = args.map((arg) => arg.replaceAll("{port}", String(port)));
  const child = spawn(command, filled, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let ended = null;
  child.stdout.on("data", (data) => { said += data; });
  child.stderr.on("data", (data) => { said += data; });
  child.once("error", (error) => { ended = error.message; });
  const exit = new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      ended ??= `ended with ${code ?? signal}`;
      resolve();
    });
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (ended === null) {
      child.kill("SIGTERM");
      await exit;
    }
  };
  const until = Date.now() + PATIENCE_MS;
  while (ended === null) {
    try {
      await (await fetch(url + probe, { redirect: "manual" })).arrayBuffer();
      return { url, port, output: () => said, stop };
    } catch (error) {
      if (Date.now() > until) {
        await stop();
        throw new Error(`${command} did not answer on ${url}${probe} within ${PATIENCE_MS} ms:\n${said}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`starting ${command}: ${ended}\n${said}`);
}
