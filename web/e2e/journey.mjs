// Whole journeys against the running product; every step is a sentence, the first that fails ends it.
import assert from "node:assert/strict";
import { launch, logIn, overflow, settled, violations, visitor } from "./browser.mjs";
import { call, cookieOf, startStack } from "./stack.mjs";

const started = Date.now();
const said = (sentence) => console.log(`${((Date.now() - started) / 1000).toFixed(1)} s  ${sentence}`);

async function isAccessible(page, name) {
  await settled(page);
  assert.deepEqual(await violations(page), [], `accessibility of ${name}`);
}

/** Opens next week's reserve page and answers the free times on it. */
async function nextWeek(page) {
  await page.getByRole("button", { name: "Next week" }).first().click();
  await settled(page);
  return page.locator('[role=option]:not(:has-text("closed for you"))');
}

async function refusedLogin({ page }) {
  await page.goto("/login");
  await isAccessible(page, "login");
  await page.getByLabel("E-mail").fill("max@demo.test");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("E-mail or password is wrong.").waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), "max@demo.test");
  said("a wrong password is refused and what was typed stays");
}

async function reserves({ page, messages }) {
  await page.goto("/login");
  messages.length = 0;
  await logIn(page, "max@demo.test");
  await isAccessible(page, "machines");
  await page.getByRole("link", { name: "Laser cutter", exact: true }).click();
  await page.getByText("Every guard is closed.").waitFor();
  await isAccessible(page, "machine");
  await page.getByRole("link", { name: "Reserve" }).click();
  await settled(page);
  const free = await nextWeek(page);
  await free.nth(2).click();
  await isAccessible(page, "reserve");
  await page.getByRole("button", { name: "Confirm reservation" }).click();
  await page.getByText("It is yours.").waitFor();
  await isAccessible(page, "reservation");
  said("a member reserves the laser");
}

async function moves({ page }) {
  const before = await page.locator("p.text-head").innerText();
  await page.getByRole("link", { name: "Move" }).click();
  await settled(page);
  const free = page.locator('[role=option]:not(:has-text("closed for you"))');
  await free.nth(9).click();
  await page.getByRole("button", { name: "Move to this time" }).click();
  await page.getByText("Moved.").waitFor();
  assert.notEqual(await page.locator("p.text-head").innerText(), before);
  said("it is moved to another time");
}

async function cancels({ page, messages }) {
  await page.getByRole("button", { name: "Cancel reservation" }).click();
  const dialog = page.getByRole("dialog");
  assert.deepEqual(await violations(page), [], "accessibility of the cancel dialog");
  await dialog.getByLabel("Reason").fill("Plans changed");
  await dialog.getByRole("button", { name: "Cancel reservation" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Reason given: Plans changed").waitFor();
  assert.deepEqual(messages, [], "messages on the console");
  said("it is cancelled with a reason, and the console stayed silent");
}

async function looksAround({ page }) {
  for (const name of ["Reservations", "Training", "Account"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await isAccessible(page, name);
  }
  await page.getByRole("link", { name: "Reservations" }).click();
  await page.getByRole("link", { name: "Cancelled" }).click();
  await page.getByRole("link", { name: /Laser cutter/ }).first().waitFor();
  said("reservations, training and account are accessible");
}

/** Leads to a chosen time, lets `meanwhile` happen, and confirms. */
async function confirms(page, meanwhile) {
  await page.goto("/machines/mch_laser/reserve");
  await settled(page);
  const free = await nextWeek(page);
  const option = free.nth(4);
  const start = await option.getAttribute("data-key");
  await option.click();
  await meanwhile(start);
  await page.getByRole("button", { name: "Confirm reservation" }).click();
}

async function losesTheSlot({ page }, url) {
  const mia = await cookieOf(url, "mia@demo.test");
  let theirs;
  await confirms(page, async (start) => {
    const headers = { ...mia, "Idempotency-Key": crypto.randomUUID() };
    theirs = await call(url, "POST", "/api/machines/mch_laser/reservations", { start }, headers);
    assert.equal(theirs.status, 201);
  });
  const alert = page.getByRole("alert");
  await alert.getByText("Somebody else took this time just now.").waitFor();
  assert.equal(await alert.getByRole("button", { name: /\d\d:\d\d/ }).count(), 3);
  await isAccessible(page, "a lost slot");
  const path = `/api/reservations/${theirs.body.reservation.id}/cancel`;
  await call(url, "POST", path, { reason: "test" }, mia);
  said("a slot that is lost offers the three nearest");
}

async function meetsAnOutage({ page }, url) {
  const keys = [];
  page.on("request", (request) => {
    const key = request.headers()["idempotency-key"];
    if (key) keys.push(key);
  });
  await page.route("**/reservations", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    return keys.length > 1 ? route.continue() : route.abort();
  });
  await confirms(page, async () => {});
  await page.getByRole("alert").getByText("No answer came.").waitFor();
  await isAccessible(page, "no answer");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("It is yours.").waitFor();
  assert.equal(new Set(keys).size, 1, "one key over the retry");
  await page.unroute("**/reservations");
  await page.getByRole("button", { name: "Cancel reservation" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("test");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel reservation" }).click();
  await page.getByText("Reason given: test").waitFor();
  said("a lost answer is retried under the same key");
}

async function losesTheSession({ page, context }) {
  await page.goto("/account");
  await settled(page);
  await page.getByLabel("Present password").fill("interlock-demo");
  await context.clearCookies();
  await page.getByLabel("New password").fill("another-good-phrase");
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of the session dialog");
  await dialog.getByLabel("Password").fill("interlock-demo");
  await dialog.getByRole("button", { name: "Log in" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("New password").inputValue(), "another-good-phrase");
  said("a lost session is regained and the form keeps what was typed");
}

async function logsOut({ page }) {
  await page.goto("/account");
  await settled(page);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await page.waitForURL("**/login");
  await page.goto("/reservations");
  await page.waitForURL("**/login?next=**");
  said("after logging out every page asks for a login");
}

async function isRefused(browser, url) {
  const phone = { viewport: { width: 320, height: 720 } };
  const ada = await visitor(browser, url, phone);
  const { page } = ada;
  await logIn(page, "ada@demo.test");
  await page.getByText("3 steps left").first().waitFor();
  await page.goto("/machines/mch_laser");
  await settled(page);
  assert.equal(await page.getByRole("link", { name: /Watch the training/ }).count(), 2);
  await isAccessible(page, "a machine out of reach");
  await page.goto("/machines/mch_laser/reserve");
  await settled(page);
  await nextWeek(page);
  await page.getByRole("heading", { name: "Before you can reserve" }).waitFor();
  await isAccessible(page, "reserve, refused");
  for (const path of ["/machines", "/machines/mch_laser", "/machines/mch_laser/reserve", "/training", "/training/mod_shop_basics", "/reservations", "/account"]) {
    await page.goto(path);
    await settled(page);
    assert.equal(await overflow(page), 0, `${path} at 320 pixels`);
  }
  said("a refused member sees all that is missing, also on a small phone");
  return ada;
}

async function watches({ page }) {
  await page.goto("/training/mod_shop_basics");
  await settled(page);
  await page.locator("video").evaluate((video) => video.play());
  await page.waitForFunction(() => document.querySelector("video").currentTime > 6, undefined, { timeout: 60_000 });
  await page.locator("video").evaluate((video) => video.pause());
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("button", { name: /to 3:00/ }).waitFor();
  await isAccessible(page, "watch");
  await page.getByRole("button", { name: /to 3:00/ }).click();
  assert.equal(await page.getByRole("button", { name: "Complete" }).isDisabled(), true);
  said("what is watched is saved, and the gap that is left can be pressed");
}

async function speaks(browser, url) {
  for (const [locale, timezoneId, word] of [
    ["de-DE", "Asia/Kolkata", "Reservieren"],
    ["pt-BR", "America/Sao_Paulo", "Reservar"],
    ["en-GB", "Pacific/Kiritimati", "Reserve"],
  ]) {
    const one = await visitor(browser, url, { locale, timezoneId });
    await logIn(one.page, "max@demo.test");
    await one.page.goto("/machines/mch_laser/reserve");
    await settled(one.page);
    assert.match(await one.page.locator("h1").innerText(), new RegExp(word, "i"));
    await one.page.getByText("Europe/Berlin (GMT+").waitFor();
    assert.deepEqual(await violations(one.page), [], `accessibility in ${locale}`);
    await one.context.close();
  }
  said("three languages, each in a zone of its own beside the machine's");
}

const stack = await startStack();
const browser = await launch();
try {
  const max = await visitor(browser, stack.url);
  await refusedLogin(max);
  await reserves(max);
  await moves(max);
  await cancels(max);
  await looksAround(max);
  await losesTheSlot(max, stack.url);
  await meetsAnOutage(max, stack.url);
  await losesTheSession(max);
  await logsOut(max);
  await max.context.close();
  const ada = await isRefused(browser, stack.url);
  await watches(ada);
  await ada.context.close();
  await speaks(browser, stack.url);
} finally {
  await browser.close();
  await stack.stop();
}
