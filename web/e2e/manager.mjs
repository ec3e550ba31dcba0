// The manager's side against the running product; every step is a sentence, the first that fails ends it.
import assert from "node:assert/strict";
import { acts, actsAlone } from "./acts/index.mjs";
import { declines, declinesATime } from "./acts/checkouts.mjs";
import { replaysOne } from "./acts/works.mjs";
import { launch, logIn, overflow, settled, tellPages, visitor } from "./browser.mjs";
import { call, cookieOf, startStack } from "./stack.mjs";
import { isAccessible, isSmall, job, localTime, pressUntil, said } from "./steps.mjs";
import { before, freeTime, HOUR } from "./workshop.mjs";

async function isKeptOut(browser, url) {
  const { page, context } = await visitor(browser, url);
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  await logIn(page, "max@demo.test");
  assert.equal(await page.getByRole("link", { name: "Workshop" }).count(), 0);
  await page.goto("/admin/audit");
  await page.getByText("This page is for managers and admins.").waitFor();
  await isAccessible(page, "a refused page");
  assert.deepEqual(loaded.filter((one) => /AdminFrame|Audit|Today/.test(one)), [], "parts a member loads");
  await context.close();
  said("a member is kept out and loads nothing of it");
}

async function approves({ page }, url) {
  await pressUntil(page, /^Workshop$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
  await pressUntil(page, /^Checkouts$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Checkouts" }).waitFor();
  await pressUntil(page, /^Find a person$/);
  await page.keyboard.type("ada");
  await page.getByRole("button", { name: /Ada ada@demo/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Ada" }).waitFor();
  await pressUntil(page, /^Approve on Laser cutter$/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Still missing").waitFor();
  await isAccessible(page, "the approve dialog");
  await pressUntil(page, /^I saw them do$/);
  await page.keyboard.type("Focus, extraction, emergency stop");
  await pressUntil(page, /^Approve$/);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Revoke on Laser cutter" }).waitFor();
  const root = await cookieOf(url, "root@demo.test");
  const held = await call(url, "GET", "/api/checkouts?state=granted&userId=usr_ada", undefined, root);
  assert.equal(held.body.items[0].checkout.notes, "Focus, extraction, emergency stop");
  said("by the keyboard alone a manager approves who asked");
}

async function approvesSeveral({ page }) {
  await page.goto("/admin/checkouts");
  await settled(page);
  for (const name of ["Ada", "Max"]) {
    await page.getByText(`${name}`, { exact: true }).first().waitFor();
    await page.getByRole("checkbox", { name: `Choose ${name}, Category woodworking` }).press("Space");
  }
  await page.getByRole("button", { name: "Approve (2)" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await page.getByText("Nobody waits for a checkout.").waitFor();
  said("several are approved at once, and nobody waits any more");
}

async function revokes({ page }) {
  await page.goto("/admin/checkouts?user=usr_ada");
  await page.getByRole("button", { name: "Revoke on Laser cutter" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Left the extraction off");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Approve on Laser cutter" }).waitFor();
  await page.getByRole("checkbox", { name: "Ready for checkout" }).press("Space");
  await page.getByRole("button", { name: "Approve on Laser cutter" }).waitFor({ state: "detached" });
  assert.match(page.url(), /ready=true/);
  said("a checkout is revoked with a reason, and whoever lacks a training, too, is not ready for another");
}

/** Somebody else saves rules while the manager thinks. */
async function savesMeanwhile(url) {
  const root = await cookieOf(url, "root@demo.test");
  const now = await call(url, "GET", "/api/machines/mch_laser/policy", undefined, root);
  const { version: _, ...policy } = now.body.inForce.policy;
  policy.rules.openCap = 5;
  const headers = { ...root, "If-Match": now.headers.get("etag") };
  const saved = await call(url, "PUT", "/api/machines/mch_laser/policy", { policy, reason: "Fewer open ones" }, headers);
  assert.equal(saved.status, 200);
}

async function changesRules({ page }, url) {
  await page.goto("/admin/machines/mch_laser/rules");
  await page.getByText("At most 60 days ahead").waitFor();
  await page.getByText("Checked out on this machine").waitFor();
  await page.getByRole("link", { name: "Change" }).click();
  await page.getByLabel("At most ahead, in days", { exact: true }).fill("1");
  await page.getByLabel("Coverage, in per cent").first().fill("100");
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByText(/of \d+ members may reserve now/).waitFor();
  await isAccessible(page, "what-if");
  await savesMeanwhile(url);
  await page.getByLabel("Reason").fill("The laser is in demand");
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByRole("heading", { name: "Somebody saved meanwhile" }).waitFor();
  await page.getByRole("rowheader", { name: "/rules/openCap" }).waitFor();
  await page.getByText("“Fewer open ones”").waitFor();
  await isAccessible(page, "a conflict");
  await page.getByRole("button", { name: "Go on with mine" }).click();
  assert.equal(await page.getByLabel("At most ahead, in days", { exact: true }).inputValue(), "1");
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByLabel("Reason").waitFor();
  assert.equal(await page.getByLabel("Reason").inputValue(), "The laser is in demand");
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByText("Saved. What is held ahead").waitFor();
  said("rules are tried, meet another save, and are saved with both in view");
}

async function rollsBack({ page }) {
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("“The laser is in demand”").waitFor();
  await page.getByRole("button", { name: "Compare with what is in force" }).last().click();
  await page.getByRole("rowheader", { name: "/rules/horizonDays" }).waitFor();
  await page.getByRole("button", { name: "Bring version 1 back" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Too strict after all");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByText("“Too strict after all”").waitFor();
  said("an older save is compared and brought back");
}

/** Who looks for a machine sees until when it is out of order. */
async function isToldOnTheCard(page) {
  await page.goto("/machines");
  await page.getByText(/^Out of order until .+, \d\d:\d\d$/).waitFor();
  await isSmall(page, "a machine out of order");
  await page.goto("/admin/machines");
}

async function announcesAnOutage({ page }) {
  await page.goto("/admin/machines");
  await page.getByRole("button", { name: "Out of order: Laser cutter" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("What is broken").fill("Mirror two is cracked");
  await dialog.getByLabel("Until").fill(localTime(10 * 24));
  await dialog.getByRole("button", { name: "What happens to reservations?" }).click();
  await dialog.getByText("Reservations ahead judged: 1. Would change: 1.").waitFor();
  await dialog.getByText("Stands with a mark").waitFor();
  await isAccessible(page, "the outage dialog");
  await dialog.getByRole("button", { name: "Announce" }).click();
  await page.getByText("Mirror two is cracked").waitFor();
  await isToldOnTheCard(page);
  await page.getByRole("button", { name: "Back in order: Laser cutter" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Back in order" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Out of order: Laser cutter" }).waitFor();
  said("an outage shows what it does before it is announced, and ends");
}

async function looksAtDeliveries({ page }, url, reservation) {
  await job(url, "webhook-worker");
  await page.goto(`/admin/webhook-events?reservation=${reservation.id}`);
  await page.getByRole("link", { name: reservation.id }).first().waitFor();
  await page.getByRole("link", { name: /,/ }).first().click();
  await page.getByRole("heading", { level: 2, name: "BOOKING_CREATED" }).waitFor();
  const [delivery] = page.url().match(/(?<=open=)[0-9a-f]{64}/);
  await isAccessible(page, "a delivery");
  await page.getByRole("link", { name: "Simulate" }).click();
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByText("Nothing would change.").waitFor();
  await page.goBack();
  await page.getByRole("checkbox", { name: /Choose BOOKING_CREATED/ }).press("Space");
  await page.getByRole("button", { name: "Replay chosen (1)" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Replay" }).click();
  await page.getByText("1 replayed, 0 refused").waitFor();
  await job(url, "webhook-worker");
  said("a delivery is simulated and replayed");
  await replaysOne({ page }, url, await cookieOf(url, "root@demo.test"), delivery);
}

async function reconciles({ page }) {
  await page.goto("/admin/reconciliation");
  await page.getByText("No run yet.").waitFor();
  await page.getByRole("button", { name: "Run now" }).click();
  await page.getByRole("progressbar").waitFor();
  await page.getByText(/Finished after/).waitFor();
  said("a run is begun by hand and shows its progress and its end");
}

async function suspends({ page }, url) {
  await page.goto("/admin/users?user=usr_root");
  await page.getByText("This is your own account.").waitFor();
  assert.equal(await page.getByRole("checkbox", { name: "Admin" }).isDisabled(), true);
  await page.getByRole("link", { name: "Ada", exact: true }).click();
  await page.getByRole("button", { name: "Suspend", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why (the person reads it)").fill("Has not paid");
  await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
  await page.getByRole("button", { name: "Reinstate" }).waitFor();
  const root = await cookieOf(url, "root@demo.test");
  const { body } = await call(url, "GET", "/api/users/usr_ada/readiness", undefined, root);
  assert.ok(body.items.every(({ reasons }) => reasons.some(({ code }) => code === "account_suspended")));
  await seesIt(page.context().browser(), url);
  said("a person is suspended and sees it, and one's own account is beyond reach");
}

async function seesIt(browser, url) {
  const { page, context } = await visitor(browser, url);
  await logIn(page, "ada@demo.test");
  await page.getByText("Suspended", { exact: true }).first().waitFor();
  await isAccessible(page, "machines of somebody suspended");
  await context.close();
}

/** Ada is refused on the laser; the board counts her wish under each of its reasons. */
async function countsRefusals({ page }, url) {
  const ada = await cookieOf(url, "ada@demo.test");
  const counted = async (path) => {
    await page.goto(path);
    await settled(page);
    const told = page.getByText(/^Requests refused: \d+\./);
    return (await told.count()) === 0 ? 0 : Number((await told.innerText()).match(/\d+/)[0]);
  };
  const before = await counted("/admin?of=mch_lathe&days=7");
  const start = new Date(Date.now() + 26 * HOUR).toISOString();
  const header = { ...ada, "Idempotency-Key": crypto.randomUUID() };
  const refused = await call(url, "POST", "/api/machines/mch_lathe/reservations", { start }, header);
  assert.equal(refused.status, 403, JSON.stringify(refused.body));
  assert.equal(await counted("/admin?of=mch_lathe&days=7"), before + 1);
  const chart = page.getByRole("figure").filter({ hasText: "Refusals by reason" });
  const drawn = await chart.getByRole("img").getAttribute("aria-label");
  await isSmall(page, "the board with refusals");
  await chart.getByRole("button", { name: "As a table" }).press("Enter");
  const names = await chart.getByRole("rowheader").allInnerTexts();
  assert.equal(names.length, new Set(refused.body.reasons.map(({ code }) => code)).size, "a row for each reason");
  for (const name of names) {
    assert.doesNotMatch(name, /_/, "a reason by its name");
    assert.ok(drawn.includes(name), `${name} in the chart as in the table`);
  }
  await isAccessible(page, "refusals as a table");
  await page.getByRole("button", { name: /On what/ }).click();
  await page.getByRole("option", { name: "Cora, coach" }).click();
  await page.getByText("Nothing was refused in this time.").waitFor();
  await page.waitForURL(/of=hst_coach/);
  said("refusals are counted by reason, in a chart and as a table, by machine and stretch");
}

async function audits({ page }) {
  await page.goto("/admin/audit?action=user.status");
  await page.getByRole("row", { name: /usr_ada/ }).getByRole("button", { name: "Details" }).click();
  await page.getByText("+ suspended").waitFor();
  await page.getByRole("link", { name: /^req_/ }).click();
  await page.waitForURL(/request=req_/);
  await page.getByRole("row", { name: /usr_ada/ }).first().waitFor();
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText(/Chain verified/).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
  assert.equal(file.suggestedFilename(), "audit.csv");
  said("the audit tells who did it, holds, and goes out as a file");
}

/** Somebody's time on the printer waits for a yes. */
async function answers({ page }, url) {
  const max = await cookieOf(url, "max@demo.test");
  const start = await freeTime(url, "mch_printer", max);
  const header = { ...max, "Idempotency-Key": crypto.randomUUID() };
  const asked = await call(url, "POST", "/api/machines/mch_printer/reservations", { start }, header);
  assert.equal(asked.body.reservation.status, "awaiting");
  await page.goto("/admin/sessions?of=mch_printer&view=upcoming");
  await page.getByRole("button", { name: /^Approve: Max/ }).click();
  await page.getByText("Confirmed", { exact: true }).waitFor();
  said("a reservation that waits gets its yes");
}

async function handsOverTheSecret({ page }) {
  await page.goto("/admin/webhooks?of=mch_laser");
  await page.getByRole("button", { name: /^Edit: / }).first().click();
  await isAccessible(page, "the webhook dialog");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  said("a webhook at Cal.com is saved with the newest secret");
}

/** When the time is over, whether somebody came is kept. */
async function keepsPresence(browser, url, reservation) {
  const after = Date.parse(reservation.end) + HOUR;
  await call(url, "POST", "/__dev/clock", { advanceSeconds: Math.ceil((after - Date.now()) / 1000) });
  const { page, context } = await visitor(browser, url);
  await page.clock.setFixedTime(after);
  await logIn(page, "root@demo.test");
  await page.goto("/admin/sessions?of=mch_laser");
  await page.getByRole("button", { name: /^Did not come: Max/ }).click();
  await page.getByText("Nothing left to close.").waitFor();
  await page.getByRole("link", { name: "Past" }).click();
  await page.getByRole("row", { name: /Did not come/ }).waitFor();
  await context.close();
  said("whether somebody came is kept once the time is over");
}

async function isRefusedByRole({ page }) {
  await page.goto("/admin/audit");
  await page.getByText("This page is for admins.").waitFor();
  await page.goto("/admin/users/import");
  await page.getByText("This page is for admins.").waitFor();
  await page.goto("/admin/training");
  await page.getByRole("row", { name: /Laser safety/ }).waitFor();
  assert.equal(await page.getByRole("button", { name: "New module" }).count(), 0);
  said("a manager is told which pages are for admins");
}

async function failsAndRecovers({ page }) {
  const body = { type: "urn:interlock:problem:internal", title: "Internal", status: 500, detail: "", code: "internal", instance: "urn:interlock:request:req_sample" };
  const fail = (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(body) });
  await page.route("**/api/audit?*", fail);
  await page.goto("/admin/audit");
  await page.getByRole("alert").getByText("req_sample").waitFor();
  await isAccessible(page, "a failure");
  await page.unroute("**/api/audit?*");
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await page.getByRole("rowheader").first().waitFor();
  said("a failure names its request, and trying again helps");
}

const ROUTES = [
  "/admin", "/admin/checkouts?user=usr_ada", "/admin/sessions", "/admin/machines", "/admin/machines/mch_laser/rules",
  "/admin/machines/mch_laser/rules?view=edit", "/admin/machines/mch_laser/rules?view=history", "/admin/users?user=usr_max",
  "/admin/users/import", "/admin/training", "/admin/training?view=waiting",
  "/admin/notifications?state=sent", "/admin/reconciliation", "/admin/webhooks", "/admin/webhook-events", "/admin/audit", "/admin/health",
];

/** Every page in light on a desktop, and the same in dark on the smallest phone. */
async function isSound({ page, messages }) {
  messages.length = 0;
  for (const path of ROUTES) {
    await page.goto(path);
    await isAccessible(page, path);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 320, height: 720 });
    await isAccessible(page, `${path} in dark at 320 pixels`);
    assert.equal(await overflow(page), 0, `${path} at 320 pixels`);
    await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    assert.equal(await overflow(page), 0, `${path} from right to left`);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  assert.deepEqual(messages, [], "messages on the console");
  said("every page is accessible, in light and in the dark at 320 pixels");
}

/** A manager at the bench, then an admin at the works. */
async function walks(browser, url, reservation) {
  await isKeptOut(browser, url);
  const mia = await visitor(browser, url);
  await logIn(mia.page, "mia@demo.test");
  await approves(mia, url);
  await approvesSeveral(mia);
  await declines(mia, url);
  await revokes(mia);
  await changesRules(mia, url);
  await rollsBack(mia);
  await announcesAnOutage(mia);
  await answers(mia, url);
  await declinesATime(mia, url);
  await isRefusedByRole(mia);
  await mia.context.close();
  const root = await visitor(browser, url);
  await logIn(root.page, "root@demo.test");
  await countsRefusals(root, url);
  await looksAtDeliveries(root, url, reservation);
  await handsOverTheSecret(root);
  await reconciles(root);
  await suspends(root, url);
  await audits(root);
  await failsAndRecovers(root);
  await root.context.close();
}

/** What others do meanwhile, and how the pages look; answers the id of the person who came. */
async function beside(browser, url) {
  const otto = await acts(browser, url);
  const root = await visitor(browser, url);
  await logIn(root.page, "root@demo.test");
  await isSound(root);
  await root.context.close();
  return otto;
}

const stack = await startStack();
const browser = await launch();
try {
  const reservation = await before(stack.url);
  const [, otto] = await Promise.all([
    walks(browser, stack.url, reservation),
    beside(browser, stack.url),
  ]);
  await keepsPresence(browser, stack.url, reservation);
  await actsAlone(browser, stack.url, otto);
} catch (error) {
  await tellPages(browser);
  throw error;
} finally {
  await browser.close();
  await stack.stop();
}
