// Six-step workflows per second in DBOS for TypeScript: `node dbos.mjs CLIENTS SECONDS`, beside the PostgreSQL of PGHOST.
//
// As it comes: every step's result is a committed row before the next step starts. It has at least a connection for every client.

import { createRequire } from "node:module";

import { clients, rate } from "./clients.mjs";

const require = createRequire(import.meta.url);
const { DBOS } = require("@dbos-inc/dbos-sdk");
const STEPS = 6;
const CONNECTIONS_LEAST = 20;

const six = DBOS.registerWorkflow(
  async (number) => {
    let sum = 0;
    for (let step = 0; step < STEPS; step += 1) {
      sum += await DBOS.runStep(async () => number + step, { name: `step-${step}` });
    }
    return sum;
  },
  { name: "six" },
);

const { PGHOST, PGUSER, PGDATABASE } = process.env;
DBOS.setConfig({
  name: "bench",
  systemDatabaseUrl: `postgresql://${PGUSER}@localhost/${PGDATABASE}?host=${encodeURIComponent(PGHOST)}`,
  systemDatabasePoolSize: Math.max(clients, CONNECTIONS_LEAST),
  logLevel: "error",
});
await DBOS.launch();
console.log(
  await rate(async (number) => {
    const sum = await six(number);
    if (sum !== STEPS * number + 15) {
      throw new Error(`${number}: ${sum}`);
    }
  }),
);
process.exit(0);
