// Steps that several journeys take, and what they hold their screens to.
import assert from "node:assert/strict";
import { overflow, settled, violations } from "./browser.mjs";
import { call } from "./stack.mjs";

const PAINTED_MS = 1000;
const started = Date.now();
export const said = (sentence) => console.log(`${((Date.now() - started) / 1000).toFixed(1)} s  ${sentence}`);

/** Times on the page that may be reserved. */
export const free = (page) => page.locator('[role=option]:not([aria-disabled]):not(:has-text("closed for you"))');

export async function isAccessible(page, name) {
  await settled(page);
  let found = await violations(page);
  if (found.length > 0) {
    // On a busy machine colours may still be on their way; what is wrong stays wrong.
    await page.waitForTimeout(PAINTED_MS);
    found = await violations(page);
  }
  assert.deepEqual(found, [], `accessibility of ${name}`);
}

/** The page in the dark on the smallest phone; then it is large and light again. */
export async function isSmall(page, name) {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 320, height: 720 });
  await page.waitForFunction(() => matchMedia("(prefers-color-scheme: dark)").matches && innerWidth === 320);
  await isAccessible(page, `${name} in dark at 320 pixels`);
  assert.equal(await overflow(page), 0, `${name} at 320 pixels`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The dialog that is open, once nothing is wrong with it. */
export async function dialogOf(page, name) {
  const dialog = page.getByRole("dialog", { name });
  await dialog.waitFor();
  assert.deepEqual(await violations(page, "[role=dialog]"), [], `accessibility of the dialog ${name}`);
  return dialog;
}

/** Presses what the dialog ends with, and waits until it is gone. */
export async function ends(dialog, press) {
  await dialog.getByRole("button", { name: press, exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** What the API answers to a read by somebody. */
export async function read(url, path, who) {
  const { status, body } = await call(url, "GET", path, undefined, who);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Opens next week's reserve page of a machine. */
export async function toReserve(page, machine = "mch_laser") {
  await page.goto(`/machines/${machine}/reserve`);
  await settled(page);
  await page.getByRole("button", { name: "Next week" }).first().click();
  await settled(page);
}

/** Chooses the free time at `at` and answers its start. */
export async function choose(page, at) {
  const option = free(page).nth(at);
  const start = await option.getAttribute("data-key");
  await option.click();
  await page.getByRole("button", { name: "Confirm reservation" }).waitFor();
  return start;
}

export const confirm = (page) => page.getByRole("button", { name: "Confirm reservation" }).click();

/** Cancels the reservation on the page, with words. */
export async function giveBack(page, words = "Plans changed") {
  await page.getByRole("button", { name: "Cancel reservation" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(words);
  await dialog.getByRole("button", { name: "Cancel reservation" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(`Reason given: ${words}`).waitFor();
}

/** Idempotency keys of every write to reserve that the page makes from now on. */
export function watchKeys(page) {
  const keys = [];
  page.on("request", (request) => {
    const key = request.headers()["idempotency-key"];
    if (key) keys.push(key);
  });
  return keys;
}

/** Presses a key until what has the focus is called `name`, once the page has all it asked for. */
export async function pressUntil(page, name, key = "Tab", most = 80) {
  await settled(page);
  for (let press = 0; press < most; press += 1) {
    const found = await page.evaluate(() => {
      const at = document.activeElement;
      const label = at?.getAttribute("aria-label") ?? at?.labels?.[0]?.innerText ?? at?.innerText;
      return label?.trim() ?? "";
    });
    if (name.test(found)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${name} is not reached by ${key}`);
}

/** Faults of the stand-in while `act` runs. */
export async function withFault(url, fault, act) {
  await call(url, "POST", "/__sim/faults", fault);
  try {
    await act();
  } finally {
    await call(url, "DELETE", "/__sim/faults");
  }
}

/** Runs a job of the stack now. */
export const job = (url, name) => call(url, "POST", `/__dev/jobs/${name}`, {});

/** The newest letter to `email`, once the letters that are due are sent. */
export async function letterTo(url, email) {
  await job(url, "outbox-notify");
  const { body } = await call(url, "GET", "/__dev/mailbox");
  const letter = body.items.find(({ to }) => JSON.stringify(to).includes(email));
  assert.ok(letter, `a letter to ${email}`);
  return letter;
}

/** What a field of kind `datetime-local` takes, hours from now in the zone of the visitor. */
export function localTime(hours) {
  const at = new Date(Date.now() + hours * 3_600_000);
  return at.toLocaleString("sv", { timeZone: "Europe/Berlin" }).slice(0, 16).replace(" ", "T");
}
