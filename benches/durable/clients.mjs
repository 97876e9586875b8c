// Clients that each wait for the end of one workflow before they start the next.

const [, , asked, seconds] = process.argv.map(Number);
export const clients = asked;
const WARM_UP_MS = 1000;

async function during(milliseconds, work, first) {
  const last = performance.now() + milliseconds;
  let done = 0;
  async function client() {
    while (performance.now() < last) {
      done += 1;
      await work(first + done);
    }
  }
  await Promise.all(Array.from({ length: clients }, client));
  return done;
}

/** Returns how many per second were done to their end, after a second of warming up. */
export async function rate(work) {
  const before = await during(WARM_UP_MS, work, 0);
  const since = performance.now();
  const done = await during(seconds * 1000, work, before);
  return (done * 1000) / (performance.now() - since);
}
