// Six-step workflows per second in Restate: `node restate.mjs CLIENTS SECONDS`.
//
// A server of its own, in a new folder, with its defaults: one node, 24 partitions, its log synced to disk before a step counts as
// done. The handler is a plain service's, which is durable and cheaper than a keyed workflow's. Clients wait for each end.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:http2";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { rate } from "./clients.mjs";

// The SDK asks for Node 22; this is all of it that it needs.
Promise.withResolvers ??= function withResolvers() {
  let settle;
  const promise = new this((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle };
};
// It writes two lines for each run otherwise.
process.env.RESTATE_LOGGING = "ERROR";
const require = createRequire(import.meta.url);
const restate = require("@restatedev/restate-sdk");
const STEPS = 6;
const START_MAX_MS = 60_000;
/** Its sockets are in a folder of this name. */
const NODE = "bench";

const six = restate.service({
  name: "six",
  handlers: {
    run: async (context, number) => {
      let sum = 0;
      for (let step = 0; step < STEPS; step += 1) {
        sum += await context.run(`step-${step}`, () => number + step);
      }
      return sum;
    },
  },
});

const folder = mkdtempSync(join(tmpdir(), "baton-restate-"));
const packages = dirname(require.resolve("@restatedev/restate-server/package.json"));
const program = join(packages, "..", `restate-server-${process.platform}-${process.arch}`, "bin", "restate-server");
const server = spawn(program, ["--base-dir", folder, "--listen-mode", "unix", "--node-name", NODE, "--no-logo"], {
  env: { ...process.env, RESTATE_DISABLE_TELEMETRY: "true", RESTATE_LOG_FILTER: "error,octocrab=off" },
  stdio: ["ignore", 2, 2],
});
process.on("exit", () => {
  server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => process.exit(1));
}
server.on("exit", (code) => {
  console.error(`the server ended: ${code}`);
  process.exit(1);
});

const agent = new Agent({ keepAlive: true });

function ask(socket, path, body) {
  const text = JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const asked = request({ agent, socketPath: join(folder, NODE, socket), path, method: "POST", headers }, (answer) => {
      let told = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (told += part));
      answer.on("end", () => {
        if (answer.statusCode < 300) {
          resolve(JSON.parse(told));
        } else {
          reject(new Error(`${path}: ${answer.statusCode} ${told}`));
        }
      });
    });
    asked.on("error", reject);
    asked.end(text);
  });
}

async function until(work) {
  const last = Date.now() + START_MAX_MS;
  for (;;) {
    try {
      return await work();
    } catch (problem) {
      if (Date.now() > last) {
        throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const service = createServer(restate.createEndpointHandler({ services: [six] }));
await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
await until(() => ask("admin.sock", "/deployments", { uri: `http://127.0.0.1:${service.address().port}` }));

async function whole(number) {
  const sum = await ask("ingress.sock", "/six/run", number);
  if (sum !== STEPS * number + 15) {
    throw new Error(`${number}: ${sum}`);
  }
}
await until(() => whole(1));
console.log(await rate(whole));
process.exit(0);
