// What staff does to people, hosts and calendars, each on what no other walk looks at.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "./browser.mjs";
import { codeAt } from "./factor.mjs";
import { call, cookieOf, PASSWORD } from "./stack.mjs";
import { isAccessible, isSmall, said } from "./steps.mjs";

export async function staff(browser, url) {
  await getsAFactor(url);
  const root = await cookieOf(url, "root@demo.test");
  const one = await visitor(browser, url);
  const { page } = one;
  await logIn(page, "root@demo.test");
  one.messages.length = 0;
  await page.goto("/admin/users?user=usr_cora");
  await resetsTheFactor(page);
  await exempts(page);
  await isSmall(page, "a person with an exemption");
  await endsTheExemption(page);
  await keepsTheData(page);
  // What was refused on purpose the browser tells by itself.
  assert.deepEqual(one.messages.filter((text) => !text.includes("status of 400")), [], "messages on the console");
  await setsGroups(page, url, root);
  await narrows(page, url, root);
  await mapsACalendar(page);
  await changesRulesOfAHost(page, url, root);
  await one.context.close();
}

/** Cora has one, got beside the browser. */
async function getsAFactor(url) {
  const cora = await cookieOf(url, "cora@demo.test");
  const begun = await call(url, "POST", "/api/auth/factor", { currentPassword: PASSWORD }, cora);
  const code = codeAt(Date.now(), begun.body.factor.secret);
  const confirmed = await call(url, "POST", "/api/auth/factor/confirm", { code }, cora);
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
}

/** Presses, answers with what is in the dialog, and waits until it is gone. */
async function asks(page, button, answer = async () => {}) {
  await page.getByRole("button", { name: button }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await settled(page);
  await answer(dialog);
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
  await settled(page);
}

async function resetsTheFactor(page) {
  await page.getByText("There is one", { exact: true }).waitFor();
  await asks(page, "Reset the second factor", () => isAccessible(page, "resetting a second factor"));
  await page.getByText("There is none", { exact: true }).waitFor();
  said("an admin takes a lost second factor away");
}

async function exempts(page) {
  await page.getByText("No exemption on any machine.").waitFor();
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16);
  await asks(page, "Grant an exemption", async (dialog) => {
    await dialog.getByRole("button", { name: /Machine/ }).click();
    await page.getByRole("option", { name: "Band saw" }).click();
    await dialog.getByRole("group", { name: "Stands in the way now" }).getByRole("checkbox").first().press("Space");
    await dialog.getByRole("checkbox", { name: "Opening hours" }).press("Space");
    await dialog.getByLabel("Until").fill(day(800));
    await dialog.getByLabel("Reason").fill("Learnt it elsewhere");
    await isAccessible(page, "granting an exemption");
    await dialog.locator("button[type=submit]").click();
    await dialog.getByRole("alert").getByText("/endsAt").waitFor();
    await isAccessible(page, "an exemption that is refused");
    assert.equal(await dialog.getByLabel("Reason").inputValue(), "Learnt it elsewhere");
    await dialog.getByLabel("Until").fill(day(20));
  });
  const row = page.getByRole("row", { name: /Learnt it elsewhere/ });
  await row.getByText("Counts now").waitFor();
  await row.getByText("Opening hours").waitFor();
  await isAccessible(page, "a person with an exemption");
  said("an exemption is refused for too long, and granted for less");
}

async function endsTheExemption(page) {
  await asks(page, "Take back: Band saw");
  await page.getByRole("row", { name: /Learnt it elsewhere/ }).getByText(/^Taken back/).waitFor();
  said("an exemption is taken back and stays to be seen");
}

async function keepsTheData(page) {
  await asks(page, "Keep the data", () => isAccessible(page, "keeping data"));
  await page.getByText("The data must be kept for legal reasons").waitFor();
  await asks(page, "No longer keep the data");
  await page.getByText("The data must be kept for legal reasons").waitFor({ state: "detached" });
  said("a legal hold is placed, seen and lifted");
}

async function setsGroups(page, url, root) {
  await page.getByRole("button", { name: "Groups and membership" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Groups").fill("staff\nnight owls\nstaff");
  await isAccessible(page, "groups and membership");
  await call(url, "PATCH", "/api/users/usr_cora", { groups: ["early birds"] }, root);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").getByText("It has changed meanwhile.").waitFor();
  assert.equal(await dialog.getByLabel("Groups").inputValue(), "staff\nnight owls\nstaff");
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.reload();
  await page.getByText("early birds").waitFor();
  await asks(page, "Groups and membership", async (again) => {
    await again.getByLabel("Groups").fill("staff\nnight owls\nstaff");
    await again.getByLabel("Member until").fill("2031-05-01T12:00");
  });
  await page.getByText("night owls, staff").waitFor();
  await page.getByText(/1 May.*2031/).waitFor();
  said("groups and membership are set, and nobody's change is written over unseen");
}

async function narrows(page, url, root) {
  await page.goto("/admin/users?user=usr_mia");
  await settled(page);
  await asks(page, "Answers for", async (dialog) => {
    await dialog.getByRole("checkbox", { name: "Everything" }).press("Space");
    assert.equal(await dialog.getByRole("button", { name: "Save" }).isDisabled(), true);
    await dialog.getByRole("checkbox", { name: "Cora, coach" }).press("Space");
    await dialog.getByRole("checkbox", { name: "woodworking" }).press("Space");
    await isAccessible(page, "what a manager answers for");
  });
  await page.getByText("Cora, coach, woodworking").waitFor();
  const { body } = await call(url, "GET", "/api/users/usr_mia", undefined, root);
  assert.deepEqual(body.user.scope, { machines: ["hst_coach"], categories: ["woodworking"] });
  await asks(page, "Answers for", (dialog) => dialog.getByRole("checkbox", { name: "Everything" }).press("Space"));
  await page.getByText("Cora, coach, woodworking").waitFor({ state: "detached" });
  said("what a manager answers for is narrowed and widened");
}

async function mapsACalendar(page) {
  await page.goto("/admin/machines");
  await page.getByRole("link", { name: "People", exact: true }).first().waitFor();
  await page.getByRole("navigation", { name: "What can be reserved" }).getByRole("link", { name: "People" }).click();
  await page.getByRole("rowheader", { name: /Cora, coach/ }).waitFor();
  await isAccessible(page, "people to reserve in the workshop");
  await isSmall(page, "people to reserve in the workshop");
  await asks(page, "Calendar: Cora, coach", async (dialog) => {
    assert.equal(await dialog.getByLabel("Numbers of the event types").inputValue(), "501, 502, 503");
    await dialog.getByLabel("User name at Cal.com").fill("coach");
    await dialog.getByLabel("E-mail at Cal.com").fill("coach@hosts.demo.test");
    await dialog.getByLabel("Name of the credential").fill("coach");
    await dialog.getByLabel("Numbers of the event types").fill("501, 502, 999");
    await isAccessible(page, "mapping a calendar");
    await dialog.locator("button[type=submit]").click();
    await dialog.getByRole("alert").getByText("/mapping/eventTypeIds/2").waitFor();
    await isAccessible(page, "a calendar that is refused");
    await dialog.getByLabel("Numbers of the event types").fill("501, 502, 503");
  });
  said("a calendar is refused with what is wrong, and mapped");
}

async function changesRulesOfAHost(page, url, root) {
  await page.getByRole("link", { name: "Rules: Cora, coach" }).click();
  await page.getByRole("link", { name: "Change" }).click();
  await page.getByLabel("At most ahead, in days", { exact: true }).fill("44");
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByText(/of \d+ members may reserve now/).waitFor();
  await isAccessible(page, "rules of a person");
  await page.getByLabel("Reason").fill("Plans are made later");
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByText("Saved. What is held ahead").waitFor();
  const { body } = await call(url, "GET", "/api/hosts/hst_coach/policy", undefined, root);
  assert.equal(body.inForce.policy.rules.horizonDays, 44);
  said("the rules of a person to reserve are tried and saved");
}
