// A member's way: from the login over what is missing to a reservation, and everything of an account.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { logIn, overflow, settled, violations, visitor } from "./browser.mjs";
import { call, cookieOf, PASSWORD } from "./stack.mjs";
import { choose, confirm, free, isAccessible, isSmall, letterTo, pressUntil, said, toReserve } from "./steps.mjs";

export async function refusedLogin({ page }) {
  await page.goto("/login");
  await isAccessible(page, "login");
  await page.getByLabel("E-mail").fill("max@demo.test");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("E-mail or password is wrong.").waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), "max@demo.test");
  await isToldToWait(page);
  said("a wrong password is refused and what was typed stays, as it does when the next try must wait");
}

/** Too many tries: how long to wait is told in seconds that run down, and the form stays. */
async function isToldToWait(page) {
  const body = { type: "urn:interlock:problem:rate_limited", title: "Too many", status: 429, detail: "", code: "rate_limited", instance: "urn:interlock:request:req_sample" };
  const headers = { "Retry-After": "2" };
  await page.route("**/api/auth/login", (route) => route.fulfill({ status: 429, contentType: "application/problem+json", headers, body: JSON.stringify(body) }));
  await page.getByRole("button", { name: "Log in" }).click();
  const alert = page.getByRole("alert");
  await alert.getByText(/^Try again in [12] s$/).waitFor();
  await isAccessible(page, "a login that must wait");
  await alert.getByText(/^Try again in/).waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("E-mail").inputValue(), "max@demo.test");
  await page.unroute("**/api/auth/login");
}

export async function reserves({ page, messages }) {
  await page.goto("/login");
  messages.length = 0;
  await logIn(page, "max@demo.test");
  await isAccessible(page, "machines");
  await seesWhatIsFree(page);
  messages.length = 0;
  await page.getByRole("link", { name: "Laser cutter", exact: true }).click();
  await page.getByText("Every guard is closed.").waitFor();
  await page.getByText("Safety glasses").waitFor();
  for (const rule of ["Open Monday–Friday 09:00–21:00", "Open Saturday 10:00–18:00", "Open reservations: at most 8", "Never two at one time"]) {
    await page.getByText(rule, { exact: true }).waitFor();
  }
  await isAccessible(page, "machine");
  await page.getByRole("link", { name: "Reserve" }).click();
  await settled(page);
  await page.getByRole("button", { name: "Next week" }).first().click();
  await settled(page);
  await choose(page, 2);
  await isAccessible(page, "reserve");
  await confirm(page);
  await page.getByText("It is yours.").waitFor();
  await page.getByText(/^You can cancel it until /).waitFor();
  await page.getByText(/^You can move it until /).waitFor();
  await isAccessible(page, "reservation");
  said("a member reserves the laser, and reads until when it may be given back");
}

const cardOf = (page, name) => page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

/** Each card in view asks once, whatever zone its time is told in; the zone goes along to where one is reserved. */
async function seesWhatIsFree(page) {
  const asked = [];
  page.on("request", (request) => request.url().includes("/availability") && asked.push(request.url()));
  const next = cardOf(page, "Laser cutter").getByText(/^Next free: /);
  const there = await next.innerText();
  await page.getByRole("button", { name: /Times in/ }).click();
  await page.getByRole("option", { name: "Asia/Tokyo" }).click();
  await page.waitForURL(/zone=Asia%2FTokyo/);
  await page.waitForFunction((before) => !document.body.innerText.includes(before), there);
  await isAccessible(page, "machines in another zone");
  assert.deepEqual(asked, [], "asked again for another zone");
  const href = await page.getByRole("link", { name: "Reserve Laser cutter" }).getAttribute("href");
  assert.match(href, /zone=Asia%2FTokyo/);
  await page.getByRole("button", { name: /Times in/ }).click();
  await page.getByRole("option", { name: "Europe/Berlin" }).click();
  await cardOf(page, "Laser cutter").getByText(there).waitFor();
  await isNotKnown(page);
  said("cards tell the next free time in the zone that is chosen, and ask for it once");
}

/** A calendar that does not answer leaves the cards as they are, with a word. */
async function isNotKnown(page) {
  await page.route("**/availability?*", (route) => route.abort());
  await page.reload();
  await cardOf(page, "Laser cutter").getByText("The next free time is not known just now").waitFor();
  await isAccessible(page, "machines without their free times");
  await page.unroute("**/availability?*");
}

export async function takesItAlong({ page }) {
  const links = page.getByRole("heading", { name: "Add to your calendar" }).locator("..").getByRole("link");
  const [file, google, outlook] = await Promise.all((await links.all()).map((link) => link.getAttribute("href")));
  assert.match(decodeURIComponent(file), /BEGIN:VEVENT[\s\S]*SUMMARY:/);
  assert.match(google, /^https:\/\/calendar\.google\.com\//);
  assert.match(outlook, /^https:\/\/outlook\./);
  const download = page.waitForEvent("download");
  await links.first().click();
  assert.equal((await download).suggestedFilename(), "interlock.ics");
  said("it goes into a calendar of the member's own");
}

export async function moves({ page }) {
  const before = await page.locator("p.text-head").innerText();
  await page.getByRole("link", { name: "Move" }).click();
  await settled(page);
  await seesTheOldTime(page);
  await free(page).nth(9).click();
  await page.getByRole("button", { name: "Move to this time" }).click();
  await page.getByText("Moved.").waitFor();
  assert.notEqual(await page.locator("p.text-head").innerText(), before);
  said("it is moved to another time");
}

/** The time to be moved stands in the week, and in the day on a phone, and cannot be chosen. */
async function seesTheOldTime(page) {
  const old = page.getByRole("option", { name: /your time now/ });
  await old.waitFor();
  await isAccessible(page, "moving, with the old time in the week");
  await page.setViewportSize({ width: 320, height: 720 });
  await old.waitFor();
  assert.equal(await old.getAttribute("aria-disabled"), "true");
  await isAccessible(page, "moving, with the old time in the day");
  assert.equal(await overflow(page), 0, "moving at 320 pixels");
  await page.setViewportSize({ width: 1280, height: 900 });
  await settled(page);
}

export async function cancels({ page, messages }) {
  await page.getByRole("button", { name: "Cancel reservation" }).click();
  assert.deepEqual(await violations(page), [], "accessibility of the cancel dialog");
  await page.keyboard.press("Escape");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reservations" }).click();
  await page.getByRole("link", { name: /^Move: Laser cutter, / }).waitFor();
  await isAccessible(page, "reservations with one ahead");
  await takesAlongFromTheList(page);
  await page.getByRole("button", { name: /^Cancel reservation: Laser cutter, / }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Plans changed");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel reservation" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: /^Cancel reservation: Laser cutter, / }).waitFor({ state: "detached" });
  assert.deepEqual(messages, [], "messages on the console");
  said("it is cancelled in the list with a reason, and the console stayed silent");
}

/** By keys: the ways into a calendar come once they are asked for. */
async function takesAlongFromTheList(page) {
  const asked = [];
  page.on("request", (request) => /\/api\/reservations\/rsv_\w+$/.test(request.url()) && asked.push(request.url()));
  const ways = page.getByRole("button", { name: /^Add to your calendar: Laser cutter, / });
  assert.equal(await ways.getAttribute("aria-expanded"), "false");
  await ways.focus();
  await page.keyboard.press("Enter");
  const file = page.getByRole("link", { name: /^Calendar file \(\.ics\): Laser cutter, / });
  assert.match(decodeURIComponent(await file.getAttribute("href")), /BEGIN:VEVENT/);
  await page.getByRole("link", { name: /^Google: Laser cutter, / }).waitFor();
  await page.getByRole("link", { name: /^Outlook: Laser cutter, / }).waitFor();
  await isSmall(page, "a reservation with its ways into a calendar");
  await page.keyboard.press("Enter");
  await file.waitFor({ state: "detached" });
  assert.ok(asked.length <= 1, "asked at most once");
  said("a reservation in the list goes into a calendar, too");
}

export async function looksAround({ page }) {
  for (const name of ["Reservations", "Training", "Account"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await isAccessible(page, name);
  }
  await page.getByRole("link", { name: "Reservations" }).click();
  await page.getByRole("link", { name: "Cancelled" }).click();
  await page.getByRole("link", { name: /Laser cutter/ }).first().click();
  await page.getByText("Reason given: Plans changed").waitFor();
  await page.getByText("By its holder").waitFor();
  await page.goto("/book");
  await page.waitForURL("**/machines");
  await page.goto("/book?machine=mch_printer");
  await page.waitForURL("**/machines/mch_printer/reserve");
  await narrowsByArea(page);
  said("reservations, training and account are accessible, /book leads to the machines, and areas are in the address");
}

/** What is narrowed stays narrowed for whoever gets the address. */
async function narrowsByArea(page) {
  await page.goto("/machines");
  await page.getByRole("button", { name: /Area/ }).click();
  await page.getByRole("option", { name: "woodworking" }).click();
  await page.getByRole("link", { name: "Laser cutter", exact: true }).waitFor({ state: "detached" });
  await page.goto(page.url());
  await page.getByRole("link", { name: "Band saw", exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Laser cutter", exact: true }).count(), 0);
  await isAccessible(page, "machines of one area");
}

/** The whole way with nothing but keys. */
export async function keysAlone(browser, url) {
  const one = await visitor(browser, url);
  const { page } = one;
  const { keyboard } = page;
  await page.goto("/login");
  await pressUntil(page, /^E-mail/);
  await keyboard.type("mia@demo.test");
  await keyboard.press("Tab");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await page.waitForURL("**/machines");
  await pressUntil(page, /^Laser cutter$/);
  await keyboard.press("Enter");
  await page.waitForURL("**/mch_laser");
  await pressUntil(page, /^Reserve$/);
  await keyboard.press("Enter");
  await page.waitForURL("**/reserve");
  await pressUntil(page, /^Next week$/);
  await keyboard.press("Enter");
  await pressUntil(page, /^\d\d:\d\d$/);
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await pressUntil(page, /^Confirm reservation$/);
  await keyboard.press("Enter");
  await page.getByText("It is yours.").waitFor();
  await pressUntil(page, /^Cancel reservation$/);
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await pressUntil(page, /^Reason/);
  await keyboard.type("by keys alone");
  await pressUntil(page, /^Cancel reservation$/);
  await keyboard.press("Enter");
  await page.getByText("Reason given: by keys alone").waitFor();
  assert.deepEqual(one.messages, [], "messages on the console");
  await one.context.close();
  said("from the login to a reservation and back with the keyboard alone");
}

export async function losesTheSession({ page, context }) {
  await page.goto("/account");
  await settled(page);
  await page.getByLabel("Present password").fill(PASSWORD);
  await context.clearCookies();
  await page.getByLabel("New password").fill("another-good-phrase");
  await page.getByRole("button", { name: "Change password" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of the session dialog");
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Log in" }).click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("New password").inputValue(), "another-good-phrase");
  said("a lost session is regained and the form keeps what was typed");
}

export async function logsOut({ page }) {
  await page.goto("/account");
  await settled(page);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await isOut(page);
  await page.reload();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await logIn(page, "max@demo.test");
  await failsToLeave(page);
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await isOut(page);
  await page.goto("/logout");
  await isOut(page);
  said("after logging out, by its button or its address, every page asks for a login");
}

async function isOut(page) {
  await page.getByRole("status").getByText("You are logged out.").waitFor();
  await isAccessible(page, "the login after a logout");
  await page.goto("/reservations");
  await page.waitForURL("**/login?next=**");
}

/** Whoever cannot be logged out is told so, and is in still. */
async function failsToLeave(page) {
  await page.route("**/api/auth/logout", (route) => route.abort());
  await page.goto("/logout");
  await page.getByRole("alert").waitFor();
  await isSmall(page, "a logout that failed");
  await page.unroute("**/api/auth/logout");
}

const MEMBER_PAGES = [
  "/machines", "/machines/mch_laser", "/machines/mch_laser/reserve", "/training",
  "/training/mod_shop_basics", "/reservations", "/account",
];

export async function isRefused(browser, url) {
  const ada = await visitor(browser, url, { viewport: { width: 320, height: 720 } });
  const { page } = ada;
  await logIn(page, "ada@demo.test");
  await page.getByText("3 steps left").first().waitFor();
  await page.getByRole("link", { name: "See steps: Laser cutter" }).click();
  await page.getByRole("heading", { level: 1, name: "Laser cutter" }).waitFor();
  await settled(page);
  assert.equal(await page.getByRole("link", { name: /Watch the training/ }).count(), 2);
  await isAccessible(page, "a machine out of reach");
  await toReserve(page);
  await page.getByRole("heading", { name: "Before you can reserve" }).waitFor();
  await isAccessible(page, "reserve, refused");
  for (const path of MEMBER_PAGES) {
    await page.goto(path);
    await settled(page);
    assert.equal(await overflow(page), 0, `${path} at 320 pixels`);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    assert.equal(await overflow(page), 0, `${path} from right to left`);
    assert.deepEqual(await violations(page), [], `accessibility of ${path} from right to left`);
  }
  said("a refused member sees all that is missing, on a small phone and from right to left");
  return ada;
}

/** A page twice as large has half the room: 1280 pixels at 200 % are 640. */
export async function seesInTheDark(browser, url) {
  const one = await visitor(browser, url, {
    colorScheme: "dark", viewport: { width: 640, height: 450 }, deviceScaleFactor: 2,
  });
  const { page } = one;
  await page.goto("/login");
  await isAccessible(page, "login in the dark");
  await page.goto("/reset");
  await isAccessible(page, "reset in the dark");
  await logIn(page, "max@demo.test");
  for (const path of MEMBER_PAGES) {
    await page.goto(path);
    await isAccessible(page, `${path} in the dark`);
    assert.equal(await overflow(page), 0, `${path} at 200 %`);
  }
  assert.deepEqual(one.messages, [], "messages on the console");
  await one.context.close();
  said("every page holds in the dark and at 200 %");
}

/** Somebody new: invited, at home, gone again. */
export async function comesAndGoes(browser, url) {
  const root = await cookieOf(url, "root@demo.test");
  const nina = { email: `nina-${Date.now()}@demo.test`, name: "Nina", roles: ["member"], timeZone: "Europe/Lisbon" };
  assert.equal((await call(url, "POST", "/api/users", nina, root)).status, 201);
  const one = await visitor(browser, url);
  const { page } = one;
  const first = linkOf(await letterTo(url, nina.email));
  await choosesPassword(page, first);
  await asksForALink(page, url, nina.email);
  await page.goto(first);
  await page.reload();
  await page.getByLabel("New password").fill("seven dry camels");
  await page.getByRole("button", { name: "Use this password" }).click();
  await page.getByText("The link was used, or its time is over.").waitFor();
  await isAccessible(page, "a spent link");
  said("a link chooses a password once, and another can be asked for");
  await logIn(page, nina.email, "six wet horses");
  await page.goto("/account");
  await settled(page);
  await choosesLetters(page);
  await subscribes(page);
  await takesHerData(page, nina.email);
  await isErased(page, nina.email);
  await one.context.close();
}

const linkOf = (letter) => letter.text.match(/\/reset#token=[0-9a-f]{64}/)[0];

async function choosesPassword(page, link) {
  await page.goto(link);
  await isAccessible(page, "choosing a password");
  await page.getByLabel("New password").fill("password");
  await page.getByRole("button", { name: "Use this password" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("New password").inputValue(), "password");
  await page.getByLabel("New password").fill("five wet horses");
  await page.getByRole("button", { name: "Use this password" }).click();
  await page.getByText("It is chosen. Log in with it.").waitFor();
  said("whoever is invited chooses a password, and a poor one is refused");
}

async function asksForALink(page, url, email) {
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send me a link" }).click();
  await page.getByText(`If ${email} has an account here`).waitFor();
  await page.goto(linkOf(await letterTo(url, email)));
  await page.getByLabel("New password").fill("six wet horses");
  await page.getByRole("button", { name: "Use this password" }).click();
  await page.getByText("It is chosen. Log in with it.").waitFor();
}

async function choosesLetters(page) {
  const letters = page.getByRole("heading", { name: "Letters" }).locator("..");
  await letters.getByText("A reservation, a day before").click();
  await letters.getByText("Send nothing at these hours").click();
  await letters.getByLabel("From").fill("21:30");
  await letters.getByRole("button", { name: "Save" }).click();
  await letters.getByText("Saved.").waitFor();
  await page.reload();
  await settled(page);
  assert.equal(await letters.getByLabel("A reservation, a day before").isChecked(), false);
  assert.equal(await letters.getByLabel("From").inputValue(), "21:30");
  said("what letters are wanted is kept");
}

async function subscribes(page) {
  const feed = page.getByRole("heading", { name: "Calendar feed" }).locator("..");
  await feed.getByRole("button", { name: "Make an address" }).click();
  const address = new URL(await feed.getByLabel("Address").inputValue()).pathname;
  const read = () => page.evaluate(async (path) => {
    const answer = await fetch(path);
    return [answer.status, answer.headers.get("content-type")];
  }, address);
  assert.deepEqual(await read(), [200, "text/calendar; charset=utf-8"]);
  await isAccessible(page, "account with a feed");
  await feed.getByRole("button", { name: "Turn off" }).click();
  await feed.getByText("There is no address any more.").waitFor();
  assert.equal((await read())[0], 404);
  said("a calendar feed is made and ended");
}

async function takesHerData(page, email) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const file = await download;
  const data = JSON.parse(readFileSync(await file.path(), "utf8"));
  assert.ok(JSON.stringify(data.records).includes(email));
  said("everything that is held of a person is taken along");
}

async function isErased(page, email) {
  await page.getByRole("button", { name: "Delete my account" }).click();
  const dialog = page.getByRole("dialog");
  assert.deepEqual(await violations(page), [], "accessibility of deleting");
  const act = dialog.getByRole("button", { name: "Delete my account" });
  assert.equal(await act.isDisabled(), true);
  await dialog.getByLabel(/to say yes/).fill(email);
  await act.click();
  await dialog.getByText("Your account is gone.").waitFor();
  await dialog.getByRole("link", { name: "Log in" }).click();
  await page.waitForURL("**/login");
  said("an account is deleted once its address is typed");
}

/** Languages beside zones: what the page says of each time is what the zone says. */
export async function speaks(browser, url) {
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
    const clock = new Intl.DateTimeFormat("en-GB", { timeZone: timezoneId, timeStyle: "short" });
    for (const option of (await one.page.locator("[role=option]").all()).slice(0, 5)) {
      const start = await option.getAttribute("data-key");
      assert.ok((await option.innerText()).startsWith(clock.format(new Date(start))), `${start} in ${timezoneId}`);
    }
    assert.deepEqual(await violations(one.page), [], `accessibility in ${locale}`);
    assert.deepEqual(one.messages, [], `messages on the console in ${locale}`);
    await one.context.close();
  }
  said("three languages, each in a zone of its own beside the machine's");
}
