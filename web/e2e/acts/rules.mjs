// Rules as text, rules for later, and rules that two must agree on.
import assert from "node:assert/strict";
import { call } from "../stack.mjs";
import { dialogOf, ends, isAccessible, localTime, read, said } from "../steps.mjs";
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
  assert.equal(await page.getByLabel("At most ahead, in days").inputValue(), "20");
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

/** A day later, what was planned is in force by itself. */
export async function areInForce({ page }, url, root) {
  await page.goto(PAGE);
  await page.getByText("“From soon”").waitFor();
  await page.getByText("At most 8 days ahead").waitFor();
  assert.deepEqual((await overview(url, root)).planned, []);
  said("rules that were planned are in force once their time has come");
}
