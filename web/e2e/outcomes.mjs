// Every answer to a confirmation, by the real backend: what the page says, and what a retry carries.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "./browser.mjs";
import { call, cookieOf } from "./stack.mjs";
import { choose, confirm, free, giveBack, isAccessible, job, said, toReserve, watchKeys, withFault } from "./steps.mjs";

/** Meets every outcome in turn; whoever reserves gives back. */
export async function outcomes(browser, url) {
  const max = await visitor(browser, url);
  const { page } = max;
  await logIn(page, "max@demo.test");
  const staff = await cookieOf(url, "mia@demo.test");
  await findsADay(page);
  await losesTheSlot(page, url, staff);
  await hearsNothing(page);
  await meetsAnOutage(page, url);
  await isInDoubt(page, url);
  await waitsForAYes(page);
  await isOutsideTheRules(page, url, staff);
  await isNoLongerEligible(page, url, staff);
  await isTooQuick(page, url);
  await max.context.close();
}

async function findsADay(page) {
  await page.goto("/machines/mch_laser/reserve");
  await settled(page);
  await page.getByRole("button", { name: "Choose a day" }).click();
  const month = page.getByRole("dialog", { name: "Choose a day" });
  await month.getByRole("grid").waitFor();
  await isAccessible(page, "the month");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/day=\d{4}-\d\d-\d\d/);
  const chosen = page.url();
  await settled(page);
  await page.getByRole("button", { name: "Next free" }).first().click();
  await page.waitForURL((address) => address.href !== chosen);
  await settled(page);
  assert.ok((await free(page).count()) > 0, "the next free time is on the page");
  said("a day is chosen in the month, and the next free time is found");
}

async function losesTheSlot(page, url, staff) {
  await toReserve(page);
  const start = await choose(page, 4);
  const headers = { ...staff, "Idempotency-Key": crypto.randomUUID() };
  const theirs = await call(url, "POST", "/api/machines/mch_laser/reservations", { start }, headers);
  assert.equal(theirs.status, 201);
  await confirm(page);
  const alert = page.getByRole("alert");
  await alert.getByText("Somebody else took this time just now.").waitFor();
  assert.equal(await alert.getByRole("button", { name: /\d\d:\d\d/ }).count(), 3);
  const lost = page.getByRole("option", { name: /taken just now/ });
  assert.equal(await lost.getAttribute("data-key"), start);
  assert.equal(await lost.getAttribute("aria-disabled"), "true");
  assert.equal(await lost.evaluate((one) => getComputedStyle(one).textDecorationLine), "line-through");
  await isAccessible(page, "a lost slot");
  const path = `/api/reservations/${theirs.body.reservation.id}/cancel`;
  await call(url, "POST", path, { reason: "test" }, staff);
  said("409: a slot that is lost is struck out, and the three nearest are offered");
}

async function hearsNothing(page) {
  const keys = watchKeys(page);
  await page.route("**/reservations", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    return keys.length > 1 ? route.continue() : route.abort();
  });
  await toReserve(page);
  await choose(page, 4);
  await confirm(page);
  await page.getByRole("alert").getByText("No answer came.").waitFor();
  await isAccessible(page, "no answer");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("It is yours.").waitFor();
  assert.equal(new Set(keys).size, 1, "one key over the retry");
  await page.unroute("**/reservations");
  await giveBack(page);
  said("a lost answer is retried under the same key");
}

async function meetsAnOutage(page, url) {
  await toReserve(page);
  await choose(page, 4);
  const keys = watchKeys(page);
  await withFault(url, { route: "*", inject: "down", seconds: 60 }, async () => {
    await confirm(page);
    await page.getByRole("alert").getByText("We have reserved nothing.").waitFor();
    await isAccessible(page, "the calendar down");
  });
  await page.getByRole("button", { name: "Try again", exact: true }).click();
  await page.getByText("It is yours.").waitFor();
  assert.equal(new Set(keys).size, 1, "one key over the retry");
  await giveBack(page);
  said("503: nothing is reserved, and the retry after the wait carries the same key");
}

async function isInDoubt(page, url) {
  await toReserve(page);
  await choose(page, 4);
  await call(url, "POST", "/__sim/webhooks", { mode: "drop" });
  await withFault(url, { route: "bookings.create", inject: "timeout_after_commit", times: 1 }, async () => {
    await confirm(page);
    await page.getByText("The calendar has not answered yet.").waitFor();
    await isAccessible(page, "a reservation in doubt");
  });
  await call(url, "POST", "/__sim/webhooks", { mode: "deliver" });
  await call(url, "POST", "/__dev/clock", { advanceSeconds: 5 });
  await job(url, "outbox-calcom");
  await page.getByText("It is yours.").waitFor();
  await giveBack(page);
  said("202: doubt is shown as such and settles on the page");
}

async function waitsForAYes(page) {
  await toReserve(page, "mch_printer");
  await choose(page, 4);
  await confirm(page);
  await page.getByText("A manager has to say yes.").waitFor();
  const left = await page.getByText(/^Held for \d+:\d\d/).innerText();
  await page.waitForFunction((before) => !document.body.innerText.includes(before), left);
  await isAccessible(page, "a reservation that waits");
  await giveBack(page);
  said("202: what waits for a yes counts down how long it is held");
}

const RULES = "/api/machines/mch_laser/policy";

/** Saves rules; answers the save to go back to. */
async function saveRules(url, staff, wish) {
  const found = await call(url, "GET", RULES, undefined, staff);
  const headers = { ...staff, "If-Match": found.headers.get("etag") };
  const { version, policy } = found.body.inForce;
  const saved = await call(url, "PUT", RULES, { reason: "test", ...wish(policy) }, headers);
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
  return version;
}

async function isOutsideTheRules(page, url, staff) {
  await toReserve(page);
  await choose(page, 4);
  const before = await saveRules(url, staff, (policy) => ({
    policy: { ...policy, rules: { ...policy.rules, horizonDays: 1 } },
  }));
  await confirm(page);
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("alert").getByRole("button", { name: "Try again" }).count(), 0);
  assert.ok((await page.getByRole("alert").locator("li p.font-semibold").first().innerText()).length > 10);
  await isAccessible(page, "outside the rules");
  await saveRules(url, staff, () => ({ rollBackTo: before }));
  said("422: what the rules forbid is told in a sentence, and not tried again");
}

async function isNoLongerEligible(page, url, staff) {
  await toReserve(page);
  await choose(page, 4);
  const revoke = "/api/machines/mch_laser/checkout/usr_max";
  const revoked = await call(url, "DELETE", revoke, { reason: "test" }, staff);
  assert.equal(revoked.status, 200, JSON.stringify(revoked.body));
  await confirm(page);
  const alert = page.getByRole("alert");
  await alert.getByText("Something is still missing.").waitFor();
  await alert.getByRole("button", { name: "Ask for a checkout" }).waitFor();
  await isAccessible(page, "no longer eligible");
  const grant = { userId: "usr_max" };
  const granted = await call(url, "POST", "/api/machines/mch_laser/checkout", grant, staff);
  assert.equal(granted.status, 201, JSON.stringify(granted.body));
  said("403: what went missing meanwhile is told with its way");
}

/**
 * Uses up what somebody may ask for. One wish comes back every six seconds, so that it is all gone
 * only for as long as an answer says: on a busy machine the next wish may be later than that.
 */
async function usesUp(url, who, start) {
  const asks = () => {
    const headers = { ...who, "Idempotency-Key": crypto.randomUUID() };
    return call(url, "POST", "/api/machines/mch_laser/reservations", { start, eventTypeId: 1 }, headers);
  };
  for (;;) {
    const answers = await Promise.all(Array.from({ length: 11 }, asks));
    const waits = answers.filter(({ status }) => status === 429).map(({ headers }) => Number(headers.get("retry-after")));
    if (Math.max(0, ...waits) >= 4) return;
  }
}

/** Confirms a time just when nothing may be asked for; one that came too late for that is given back, and the next is tried. */
async function confirmsTooOften(page, url) {
  const max = await cookieOf(url, "max@demo.test");
  const wait = page.getByRole("button", { name: /^Try again in \d+ s$/ });
  for (let tries = 0; tries < 5; tries += 1) {
    await toReserve(page);
    const start = await choose(page, 4);
    const keys = watchKeys(page);
    await page.route("**/reservations", async (route) => {
      if (route.request().method() === "POST") await usesUp(url, max, start);
      await route.continue();
    });
    await confirm(page);
    await wait.or(page.getByText("It is yours.")).waitFor();
    await page.unroute("**/reservations");
    if (await wait.isVisible()) return keys;
    await giveBack(page);
  }
  throw new Error("nothing was asked too often in five tries");
}

async function isTooQuick(page, url) {
  const keys = await confirmsTooOften(page, url);
  await isAccessible(page, "too often");
  await page.getByRole("button", { name: "Try again", exact: true }).click();
  await page.getByText("It is yours.").waitFor();
  assert.equal(new Set(keys).size, 1, "one key over the retry");
  await giveBack(page);
  said("429: the wait is counted down, and the retry carries the same key");
}
