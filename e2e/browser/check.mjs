// Opens pages in a headless Chromium and checks what a reader meets: accessibility (axe-core), no page
// wider than the screen, no text under 12 px, no request to anywhere, in two widths, light and dark.
//
//     node e2e/browser/check.mjs --axe node_modules/axe-core/axe.min.js [--shots FOLDER] PAGE...
//
// Speaks the DevTools protocol over pipes (--remote-debugging-pipe), so it needs nothing but node,
// Chromium ($CHROMIUM or the first found) and axe-core's file. Exit code 1 when anything is found.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const SCREENS = [
  { name: "desk", width: 1280, height: 900 },
  { name: "phone", width: 390, height: 844 },
];
const SCHEMES = ["light", "dark"];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TEXT_PX_MIN = 12;
/** A taller picture is cut into parts, so that it can be looked at in its own size. */
const SHOT_PX_MAX = 1600;

/** A browser that is spoken to through its two pipes. */
class Browser {
  #waiting = new Map();
  #listeners = [];
  #rest = "";
  #next = 1;

  constructor(program, profile) {
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars"];
    flags.push("--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe");
    flags.push(`--user-data-dir=${profile}`, "about:blank");
    this.process = spawn(program, flags, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.process.stdio[4].setEncoding("utf8").on("data", (text) => this.#read(text));
    this.process.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser ended"));
    });
  }

  #read(text) {
    const parts = (this.#rest + text).split("\0");
    this.#rest = parts.pop();
    for (const part of parts) {
      const message = JSON.parse(part);
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (waiting === undefined) this.#listeners.forEach((listener) => listener(message));
      else if (message.error) waiting.reject(new Error(message.error.message));
      else waiting.resolve(message.result);
    }
  }

  on(listener) {
    this.#listeners.push(listener);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  close() {
    const ended = new Promise((resolve) => this.process.on("exit", resolve));
    this.process.kill();
    return ended;
  }
}

/** What is looked at inside the page, with every fold open. */
function look(textPxMin) {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].find(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1,
    );
    found.push(`the page is ${root.scrollWidth} px wide; the first too wide: ${wide?.outerHTML.slice(0, 120)}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || element.getClientRects().length === 0) continue;
    let size = parseFloat(getComputedStyle(element).fontSize);
    const drawing = element.closest("svg");
    if (drawing?.viewBox.baseVal?.width) size *= drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    const isTold = element.tagName.toLowerCase() === "title";
    if (size < textPxMin && !isTold) found.push(`text of ${size.toFixed(1)} px: ${texts.currentNode.data.trim().slice(0, 60)}`);
  }
  return found;
}

async function open(browser, page, screen, scheme) {
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  const address = pathToFileURL(resolve(page)).href;
  const requests = [];
  const loaded = new Promise((resolve) => {
    browser.on((message) => {
      if (message.sessionId !== sessionId) return;
      if (message.method === "Network.requestWillBeSent") requests.push(message.params.request.url);
      if (message.method === "Page.loadEventFired") resolve();
    });
  });
  await send("Network.enable");
  await send("Page.enable");
  await send("Page.setBypassCSP", { enabled: true });
  const size = { width: screen.width, height: screen.height, deviceScaleFactor: 1, mobile: screen.width < 500 };
  await send("Emulation.setDeviceMetricsOverride", size);
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  await send("Page.navigate", { url: address });
  await loaded;
  const evaluate = async (expression) => {
    const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  };
  const others = () => requests.filter((url) => url !== address && !url.startsWith("data:"));
  const close = () => browser.send("Target.closeTarget", { targetId });
  return { send, evaluate, others, close };
}

async function check(browser, page, screen, scheme, { axe, shots }) {
  const tab = await open(browser, page, screen, scheme);
  if (shots !== undefined) {
    const tall = await tab.evaluate("document.documentElement.scrollHeight");
    for (let y = 0, part = 1; y < tall; y += SHOT_PX_MAX, part++) {
      const clip = { x: 0, y, width: screen.width, height: Math.min(SHOT_PX_MAX, tall - y), scale: 1 };
      const shot = await tab.send("Page.captureScreenshot", { clip, captureBeyondViewport: true });
      const name = `${basename(page, ".html")}-${screen.name}-${scheme}-${part}.png`;
      writeFileSync(join(shots, name), Buffer.from(shot.data, "base64"));
    }
  }
  const found = await tab.evaluate(`(${look})(${TEXT_PX_MIN})`);
  await tab.evaluate(axe);
  const options = JSON.stringify({ runOnly: { type: "tag", values: RULES }, resultTypes: ["violations"] });
  const violations = await tab.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations.map((one) =>
      one.id + " (" + one.impact + "): " + one.help + "; " + one.nodes.length + " times, first: " + one.nodes[0].html.slice(0, 160)
      + " " + one.nodes[0].failureSummary.replace(/\\s+/g, " ").slice(0, 240)))`,
  );
  found.push(...violations, ...tab.others().map((url) => `asks for ${url}`));
  await tab.close();
  return found;
}

function chromium() {
  const candidates = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"];
  return candidates.find((one) => one && spawnSync(one, ["--version"]).status === 0);
}

async function main() {
  const given = process.argv.slice(2);
  const option = (name) => {
    const at = given.indexOf(name);
    return at < 0 ? undefined : given.splice(at, 2)[1];
  };
  const [axe, shots] = [option("--axe"), option("--shots")];
  if (axe === undefined || given.length === 0) throw new Error("usage: check.mjs --axe FILE [--shots FOLDER] PAGE...");
  const program = chromium();
  if (program === undefined) throw new Error("no Chromium found; set CHROMIUM");
  if (shots !== undefined) mkdirSync(shots, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), "baton-browser-"));
  const browser = new Browser(program, profile);
  let problems = 0;
  try {
    for (const page of given)
      for (const screen of SCREENS)
        for (const scheme of SCHEMES) {
          const found = await check(browser, page, screen, scheme, { axe: readFileSync(axe, "utf8"), shots });
          problems += found.length;
          console.log(`${found.length === 0 ? "ok    " : "FOUND "} ${basename(page)}, ${screen.width} px, ${scheme}`);
          for (const one of found.slice(0, 20)) console.log(`       ${one}`);
          if (found.length > 20) console.log(`       and ${found.length - 20} more`);
        }
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  process.exitCode = problems === 0 ? 0 : 1;
}

await main();
