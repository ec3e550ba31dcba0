// Rules as text, rules for later, and rules that two must agree on.
import assert from "node:assert/strict";
import { violations } from "../browser.mjs";
import { call } from "../stack.mjs";
import { dialogOf, ends, isAccessible, isSmall, localTime, read, said } from "../steps.mjs";
import { MADE } from "./machines.mjs";

const PAGE = `/admin/machines/${MADE}/rules`;
const RULES = `/api/machines/${MADE}/policy`;
const overview = (url, who) => read(url, RULES, who);
const toView = (page, name) => page.getByRole("link", { name, exact: true }).click();

/** The policy in force with other rules, as text. */
async function text(url, who, rules) {
  const { policy } = (await overview(url, who)).inForce;
  const { version: _, ...rest } = policy;
  return JSON.stringify({ ...rest, rules: { ...rest.rules, ...rules } }, null, 2);
}

export async function writesRules({ page }, url, root) {
  await page.goto(`${PAGE}?view=edit`);
  await page.getByRole("button", { name: "As JSON" }).click();
  const area = page.getByLabel("Rules as JSON");
  await area.fill("{ twenty");
  await page.getByText("This is not readable JSON.").waitFor();
  await isAccessible(page, "broken JSON");
  for (const name of ["What if?", "As a form"]) {
    assert.equal(await page.getByRole("button", { name }).isDisabled(), true, `${name} over broken JSON`);
  }
  await staysWhileElsewhere(page, area);
  await isOfAnotherShape(page, area);
  await area.fill(await text(url, root, { horizonDays: -1 }));
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByRole("alert").getByText("/policy/rules/horizonDays").waitFor();
  assert.match(await area.inputValue(), /"horizonDays": -1/);
  await saves(page, area, await text(url, root, { horizonDays: 20 }), "Twenty days suffice");
  assert.equal((await overview(url, root)).inForce.policy.rules.horizonDays, 20);
  await page.getByRole("button", { name: "As a form" }).click();
  assert.equal(await page.getByLabel("At most ahead, in days", { exact: true }).inputValue(), "20");
  said("rules are written as JSON: what is broken is told and stays, also while one looks elsewhere, and what is good is saved");
}

/** What is typed is there again after another view of the rules, and after another page. */
async function staysWhileElsewhere(page, area) {
  await toView(page, "History");
  await area.waitFor({ state: "detached" });
  await toView(page, "Change");
  assert.equal(await area.inputValue(), "{ twenty");
  await page.getByRole("link", { name: "Audit", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Audit" }).waitFor();
  await page.goBack();
  assert.equal(await area.inputValue(), "{ twenty");
}

/** JSON that is no policy stays text: the form could not show it. */
async function isOfAnotherShape(page, area) {
  await area.fill('{ "rules": {}, "requirements": [{}] }');
  assert.equal(await page.getByRole("button", { name: "As a form" }).isDisabled(), true);
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByRole("alert").getByText("/policy").first().waitFor();
  assert.equal(await area.inputValue(), '{ "rules": {}, "requirements": [{}] }');
}

async function saves(page, area, rules, reason, from) {
  await area.fill(rules);
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByLabel("Reason").fill(reason);
  if (from) await page.getByLabel("In force from").fill(from);
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByRole("status").filter({ hasText: /^Saved/ }).waitFor();
}

export async function plansRules({ page }, url, root) {
  await page.getByRole("button", { name: "As JSON" }).click();
  const area = page.getByLabel("Rules as JSON");
  await saves(page, area, await text(url, root, { horizonDays: 9 }), "From next month", localTime(40 * 24));
  await saves(page, area, await text(url, root, { horizonDays: 8 }), "From soon", localTime(1));
  const { inForce, planned } = await overview(url, root);
  assert.equal(inForce.policy.rules.horizonDays, 20);
  assert.deepEqual(planned.map(({ policy }) => policy.rules.horizonDays), [8, 9]);
  await toView(page, "In force");
  await page.getByText("“From next month”").waitFor();
  await page.getByRole("button", { name: "Withdraw" }).last().click();
  const dialog = await dialogOf(page, /^Withdraw version/);
  await dialog.getByLabel("Reason").fill("Not needed after all");
  await savesMeanwhile(url, root);
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await dialog.getByRole("alert").getByText("It has changed meanwhile. Load it again.").waitFor();
  assert.equal(await dialog.getByLabel("Reason").inputValue(), "Not needed after all");
  await ends(dialog, "Close");
  await page.getByText("“Somebody else”").waitFor();
  await page.getByRole("button", { name: "Withdraw" }).last().click();
  await dialog.getByLabel("Reason").fill("Not needed after all");
  await ends(dialog, "Withdraw");
  await page.getByText("“From next month”").waitFor({ state: "detached" });
  assert.equal((await overview(url, root)).planned.length, 1);
  said("rules are planned for later, and withdrawn once another save meanwhile is in view");
}

async function savesMeanwhile(url, root) {
  const found = await call(url, "GET", RULES, undefined, root);
  const { version: _, ...policy } = found.body.inForce.policy;
  const headers = { ...root, "If-Match": found.headers.get("etag") };
  const saved = await call(url, "PUT", RULES, { policy, reason: "Somebody else" }, headers);
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
}

/** Two must agree: nobody says yes to his own proposal. */
export async function proposesRules({ page }, other, url, root) {
  await wantsASecond(page, url, root);
  await page.goto(`${PAGE}?view=edit`);
  await page.getByRole("button", { name: "As JSON" }).click();
  const area = page.getByLabel("Rules as JSON");
  const before = (await overview(url, root)).inForce.version;
  await area.fill(await text(url, root, { horizonDays: 7 }));
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByText("A save is a proposal until another manager says yes.").waitFor();
  await page.getByLabel("Reason").fill("A week");
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByRole("status").filter({ hasText: "Proposed: waits for a second person" }).waitFor();
  assert.equal((await overview(url, root)).inForce.version, before);
  await isNotForOneself(page);
  await other.page.goto(PAGE);
  await other.page.getByRole("button", { name: "Say yes" }).click();
  const dialog = await dialogOf(other.page, /^Say yes to version/);
  await dialog.getByLabel("Reason").fill("Agreed");
  await ends(dialog, "Say yes");
  await other.page.getByText("At most 7 days ahead").waitFor();
  assert.equal((await overview(url, root)).inForce.policy.rules.horizonDays, 7);
  said("rules are proposed, not by the one who proposed them approved, and by another");
}

/** An admin says so where the machine is edited, and finds it said there afterwards. */
async function wantsASecond(page, url, root) {
  await page.goto("/admin/machines");
  const edit = page.getByRole("button", { name: "Edit: Vinyl plotter" });
  await edit.click();
  const dialog = await dialogOf(page, "Edit Vinyl plotter");
  const two = { name: "Rules wait for a second manager" };
  await dialog.getByRole("checkbox", { ...two, disabled: false }).press("Space");
  await ends(dialog, "Save");
  assert.equal((await overview(url, root)).needsSecond, true);
  await edit.click();
  await dialog.getByRole("checkbox", { ...two, checked: true }).waitFor();
  await ends(dialog, "Close");
}

async function isNotForOneself(page) {
  await toView(page, "In force");
  await page.getByRole("button", { name: "Say yes" }).click();
  const dialog = await dialogOf(page, /^Say yes to version/);
  await dialog.getByLabel("Reason").fill("My own");
  await dialog.getByRole("button", { name: "Say yes" }).click();
  await dialog.getByRole("alert").getByText("Nobody says yes to what is his own.").waitFor();
  assert.equal(await dialog.getByLabel("Reason").inputValue(), "My own");
  await ends(dialog, "Close");
}

const SAW = "/api/machines/mch_bandsaw/policy";

/** Holds the next save back until it is let go. */
async function holds(page) {
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await page.route(`**${SAW}`, async (route) => {
    if (route.request().method() === "PUT") await held;
    await route.continue();
  });
  return release;
}

async function triesAndSaves(page, reason) {
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByText(/of \d+ members may reserve now/).waitFor();
  await isAccessible(page, `what-if of ${reason}`);
  await page.getByLabel("Reason").fill(reason);
  await page.getByRole("button", { name: "Save these rules" }).click();
}

const picks = async (page, part, label, option) => {
  await part.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
};

/** Quotas and what one kind asks beside, in the form; who looks elsewhere while it is saved meets no conflict with himself. */
export async function limitsHowMuch({ page }, url, root) {
  await page.goto("/admin/machines/mch_bandsaw/rules?view=edit");
  const quotas = page.getByRole("heading", { level: 2, name: "Quotas" }).locator("..");
  await quotas.getByText("No quota").waitFor();
  await quotas.getByRole("button", { name: "Another quota" }).press("Enter");
  await quotas.getByText("At most 3 reservations a week").waitFor();
  await quotas.getByLabel("At most", { exact: true }).fill("120");
  await picks(page, quotas, /Of what/, "minutes");
  await picks(page, quotas, /In which stretch/, "in any days in a row");
  await quotas.getByLabel("How many days").fill("10");
  await picks(page, quotas, /On what/, "its whole category");
  await quotas.getByRole("checkbox", { name: "What was cancelled late counts, too" }).press("Space");
  const sentence = "At most 120 minutes in any 10 days, on its whole category, late cancellations included";
  await quotas.getByText(sentence).waitFor();
  await asksMoreOfAKind(page);
  await isSmall(page, "quotas and kinds");
  const letGo = await holds(page);
  await triesAndSaves(page, "Everybody gets a turn");
  await toView(page, "History");
  await page.getByText("in force before saves were kept").waitFor();
  await toView(page, "Change");
  await page.getByText("The rules are being saved …").first().waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of rules that are being saved");
  letGo();
  await page.getByRole("status").filter({ hasText: "As it is in force" }).waitFor();
  await quotas.getByText(sentence).waitFor();
  await toView(page, "In force");
  await page.getByText(sentence).waitFor();
  const beside = page.getByRole("heading", { name: "Besides, for Bandsaw 60 minutes" }).locator("..");
  for (const told of ["At most 2 reservations a week", "At most 5 days ahead"]) await beside.getByText(told).waitFor();
  const { policy } = (await read(url, SAW, root)).inForce;
  assert.equal(policy.rules.quotas.length, 1);
  assert.deepEqual(policy.overlays.map(({ eventTypeId, rules }) => [eventTypeId, rules.horizonDays]), [[301, 5]]);
  said("quotas and what one kind asks beside are changed in the form, tried and told in sentences");
  await page.goto("/machines/mch_bandsaw");
  for (const told of [sentence, "Besides, for Bandsaw 60 minutes", "At most 5 days ahead"]) await page.getByText(told, { exact: true }).waitFor();
  await isSmall(page, "a machine with its rules");
  said("members read the rules of a machine in the same sentences");
  await page.goto("/admin/machines/mch_bandsaw/rules");
  await takesThemOut(page, url, root, quotas);
}

async function asksMoreOfAKind(page) {
  const kinds = page.getByRole("heading", { level: 2, name: "For some kinds alone" }).locator("..");
  await kinds.getByRole("button", { name: "Ask for more" }).click();
  const kind = kinds.getByRole("region", { name: "Bandsaw 60 minutes" });
  await kind.getByLabel("At most ahead, in days", { exact: true }).fill("5");
  await kind.getByRole("button", { name: "Another quota" }).click();
  await kind.getByLabel("At most", { exact: true }).fill("2");
  await kind.getByText("At most 2 reservations a week").waitFor();
}

/** The save ends while one looks at the history; the next one stands on it. */
async function takesThemOut(page, url, root, quotas) {
  await toView(page, "Change");
  await quotas.getByRole("button", { name: /^Remove: At most 120 minutes/ }).click();
  await page.getByRole("button", { name: "Remove: Bandsaw 60 minutes" }).click();
  const letGo = await holds(page);
  await triesAndSaves(page, "Enough for everybody");
  await toView(page, "History");
  letGo();
  await page.getByText("“Enough for everybody”").waitFor();
  await toView(page, "Change");
  await page.getByRole("status").filter({ hasText: "As it is in force" }).waitFor();
  await quotas.getByText("No quota").waitFor();
  await page.getByLabel("At most ahead, in days", { exact: true }).fill("59");
  await triesAndSaves(page, "Almost two months");
  await page.getByRole("status").filter({ hasText: /^Saved/ }).waitFor();
  assert.equal(await page.getByText("Somebody saved meanwhile").count(), 0);
  const { policy } = (await read(url, SAW, root)).inForce;
  assert.deepEqual([policy.rules.horizonDays, policy.rules.quotas ?? [], policy.overlays ?? []], [59, [], []]);
  said("whoever looks elsewhere while rules are saved meets no conflict with himself");
}

/** A day later, what was planned is in force by itself. */
export async function areInForce({ page }, url, root) {
  await page.goto(PAGE);
  await page.getByText("“From soon”").waitFor();
  await page.getByText("At most 8 days ahead").waitFor();
  assert.deepEqual((await overview(url, root)).planned, []);
  said("rules that were planned are in force once their time has come");
}
