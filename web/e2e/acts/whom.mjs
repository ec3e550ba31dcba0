// Rules that differ by who asks, by the hour and by what is reserved beside: all in the form.
import assert from "node:assert/strict";
import { settled } from "../browser.mjs";
import { call } from "../stack.mjs";
import { isAccessible, isSmall, pressUntil, read, said } from "../steps.mjs";

const SAW = "/api/machines/mch_bandsaw/policy";
const PAGE = "/admin/machines/mch_bandsaw/rules";
const AHEAD = "At most ahead, in days";
const COUNTED = "At most 3 reservations a week, counted within Monday–Tuesday 09:00–17:00, Thursday–Friday 09:00–17:00";
const CLOSED = "Closed Wed 24 Dec – Fri 26 Dec, Christmas";
const TOLD = [COUNTED, "Only with a reservation of 3D printer when it begins"];

const part = (page, title) => page.getByRole("heading", { level: 2, name: title, exact: true }).locator("..");

export async function saysForWhomAndWhen({ page }, url, root) {
  const { version, policy: before } = (await read(url, SAW, root)).inForce;
  await page.goto(`${PAGE}?view=edit`);
  await settled(page);
  await differs(page);
  await countsAtSomeHours(page);
  await opensOnSundays(page, before);
  await closesDays(page);
  await liesInside(page);
  await isSmall(page, "rules for whom and when");
  await page.getByRole("button", { name: "What if?" }).click();
  await page.getByText(/of \d+ members may reserve now/).waitFor();
  await isAccessible(page, "a what-if of rules for whom and when");
  await page.getByLabel("Reason").fill("Students share the printer's room");
  await page.getByRole("button", { name: "Save these rules" }).click();
  await page.getByRole("status").filter({ hasText: /^Saved/ }).waitFor();
  const { rules } = (await read(url, SAW, root)).inForce.policy;
  const base = before.rules.horizonDays;
  assert.deepEqual(rules.horizonDays, { base, groups: [{ group: "students", value: 7 }], levels: [{ from: 1, value: 90 }] });
  assert.deepEqual(Object.keys(rules.quotas[0].hours), ["monday", "tuesday", "thursday", "friday"]);
  assert.deepEqual([rules.area, rules.contents.resourceIds], [{ resourceId: "mch_printer", startOnly: true }, ["mch_laser"]]);
  assert.equal(rules.noChaining, true);
  said("by group and level, at some hours and inside something else: rules are changed in the form");
  await page.goto(PAGE);
  for (const told of [...TOLD, `At most ${base} days ahead; for students: At most 7 days ahead; from level 1: At most 90 days ahead`]) {
    await page.getByText(told, { exact: true }).waitFor();
  }
  await page.goto("/machines/mch_bandsaw");
  // Root holds a checkout of level 1.
  for (const told of [...TOLD, "At most 90 days ahead"]) await page.getByText(told, { exact: true }).waitFor();
  await page.getByText(/^Open .*Sunday/).waitFor();
  await page.getByText(CLOSED, { exact: true }).waitFor();
  await isSmall(page, "a machine inside another");
  said("members read of it what concerns them");
  await goesBack(url, root, version);
}

/** By keys alone. */
async function differs(page) {
  await pressUntil(page, new RegExp(`^By group or level: ${AHEAD}$`), "Tab", 200);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: `For a group: ${AHEAD}` }).press("Enter");
  await page.getByRole("group", { name: `${AHEAD}, for 1` }).getByLabel("Group").fill("students");
  await page.getByRole("spinbutton", { name: `${AHEAD}, for students` }).fill("7");
  await page.getByRole("button", { name: `From a level on: ${AHEAD}` }).press("Enter");
  await page.getByRole("spinbutton", { name: `${AHEAD}, from level 1` }).fill("90");
}

async function countsAtSomeHours(page) {
  const quotas = part(page, "Quotas");
  await quotas.getByRole("button", { name: "Another quota" }).press("Enter");
  await quotas.getByRole("checkbox", { name: "It counts only at some hours" }).press("Space");
  await quotas.getByRole("button", { name: "Remove 09:00–17:00 on Wednesday" }).press("Enter");
  await quotas.getByText(COUNTED, { exact: true }).waitFor();
}

async function opensOnSundays(page, before) {
  const hours = part(page, "Opening hours");
  if (!before.rules.openingHours) await hours.getByRole("checkbox", { name: "Only at some hours" }).press("Space");
  await hours.getByRole("button", { name: "More hours on Sunday" }).press("Enter");
  await hours.getByLabel("Sunday, to").fill("16:30");
}

async function closesDays(page) {
  const closures = part(page, "Closures");
  await closures.getByLabel("Closed from, the day included").fill("2031-12-24");
  await closures.getByLabel("To, the day included (empty: one day)").fill("2031-12-26");
  await closures.getByLabel("What for (members read it)").fill("Christmas");
  await closures.getByRole("button", { name: "Close these days" }).press("Enter");
  await closures.getByText(CLOSED, { exact: true }).waitFor();
}

async function liesInside(page) {
  const around = part(page, "In what it is used");
  await around.getByRole("checkbox", { name: "Only within a reservation of something else" }).press("Space");
  await around.getByRole("button", { name: /Within what/ }).click();
  await page.getByRole("option", { name: "3D printer", exact: true }).click();
  await around.getByRole("checkbox", { name: "Its start alone must lie within" }).press("Space");
  await around.getByRole("button", { name: /Used inside it/ }).click();
  await page.getByRole("option", { name: "Laser cutter", exact: true }).click();
  await around.getByRole("button", { name: "It is used inside" }).press("Enter");
  await page.getByRole("checkbox", { name: "No two directly after each other" }).press("Space");
}

async function goesBack(url, root, version) {
  const found = await call(url, "GET", SAW, undefined, root);
  const headers = { ...root, "If-Match": found.headers.get("etag") };
  const saved = await call(url, "PUT", SAW, { rollBackTo: version, reason: "As it was" }, headers);
  assert.equal(saved.status, 200, JSON.stringify(saved.body));
}
