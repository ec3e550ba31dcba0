// One browser, pages that collect what went wrong on them, and what every screen must hold to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { PASSWORD } from "./stack.mjs";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];
const PATIENCE_MS = 30_000;

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: QUIET });

/** A visitor with a browser of his own; `outsiders` are the addresses it asked elsewhere. */
export async function visitor(browser, url, options = {}) {
  const context = await browser.newContext({
    baseURL: url, locale: "en-GB", timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  watchRequests(page);
  const messages = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) messages.push(message.text());
  });
  page.on("pageerror", (error) => messages.push(String(error)));
  const outsiders = [];
  context.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith("http") && asked.origin !== new URL(url).origin) outsiders.push(asked.href);
  });
  return { page, context, messages, outsiders };
}

/** Logs in through the page and waits for the machines. */
export async function logIn(page, email, password = PASSWORD) {
  await page.goto("/login");
  await page.locator("input[type=email]").fill(email);
  await page.locator("input[type=password]").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL("**/machines");
  await settled(page);
}

/** Waits until nothing on the page is loading any more, and nothing that was asked for is to come. */
export async function settled(page) {
  await page.locator("h1").first().waitFor();
  do {
    await page.waitForFunction(() => !document.querySelector("[data-loading]"));
    await drawn(page);
  } while (open.get(page).size > 0 || (await page.locator("[data-loading]").count()) > 0);
}

/** Two frames: what came is on the page, and what it asks for in turn is under way. */
const drawn = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** Requests of each page without an answer; a film is fetched as long as it is played. */
const open = new WeakMap();

function watchRequests(page) {
  const asked = new Set();
  open.set(page, asked);
  page.on("request", (request) => {
    // Of a document that is left nobody hears any more.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) asked.clear();
    if (request.resourceType() !== "media") asked.add(request);
  });
  page.on("requestfinished", (request) => asked.delete(request));
  page.on("requestfailed", (request) => asked.delete(request));
}

/** Violations of the accessibility rules on the page as it is, or in one part of it. */
export async function violations(page, part = "html") {
  // Colours of another scheme are there a frame after it is asked for.
  await drawn(page);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const found = await page.evaluate(
    (part) =>
      window.axe.run(part, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
      }),
    part,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(" | ").slice(0, 300)}`);
}

/** How far the page is wider than its window, in pixels. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What stands on the pages, which says more than what did not come. */
export async function tellPages(browser) {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    console.error(`${page.url()}\n${(await page.locator("body").innerText()).slice(0, 1500)}\n`);
  }
}
