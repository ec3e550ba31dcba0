// People: invited, given roles, kept within a scope, banned and taken back.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "../browser.mjs";
import { code } from "../factor.mjs";
import { call, cookieOf, PASSWORD } from "../stack.mjs";
import { dialogOf, ends, isSmall, job, letterTo, localTime, pressUntil, read, said } from "../steps.mjs";
import { freeTime } from "../workshop.mjs";

const OTTO = "otto@demo.test";
const PHRASE = "six wet horses";

/** By keys alone. Answers the id of who is new. */
export async function invites({ page }, url, root) {
  await page.goto("/admin/users");
  await pressUntil(page, /^Invite$/);
  await page.keyboard.press("Enter");
  const dialog = await dialogOf(page, "Invite");
  await pressUntil(page, /^Name$/);
  await page.keyboard.type("Otto");
  await pressUntil(page, /^E-mail$/);
  await page.keyboard.type("ada@demo.test");
  await page.keyboard.press("Enter");
  await dialog.getByRole("alert").getByText("the address belongs to somebody already").waitFor();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Otto");
  await dialog.getByLabel("E-mail").fill(OTTO);
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("row", { name: /otto@demo\.test/ }).waitFor();
  const [{ id, roles }] = (await read(url, `/api/users?email=${OTTO}`, root)).items;
  assert.deepEqual(roles, ["member"]);
  const [token] = (await letterTo(url, OTTO)).text.match(/[0-9a-f]{64}/);
  const chosen = await call(url, "POST", "/api/auth/reset", { token, newPassword: PHRASE });
  assert.equal(chosen.status, 204, JSON.stringify(chosen.body));
  said("somebody is invited by keys alone, and an address that is taken is told");
  return id;
}

/** With a reason and an end; whoever it is reads both, and what he may not do. */
export async function suspends(browser, { page }, url, root, id) {
  await page.goto(`/admin/users?user=${id}`);
  await page.getByRole("button", { name: "Suspend", exact: true }).click();
  const dialog = await dialogOf(page, "Suspend Otto?");
  await dialog.getByText("what begins after it stands").waitFor();
  await dialog.getByLabel("Why (the person reads it)").fill("Left the lid open");
  await dialog.getByLabel("Until (empty: until somebody reinstates)").fill("2020-01-01T09:00");
  await dialog.getByRole("button", { name: "Suspend", exact: true }).click();
  await dialog.getByRole("alert").getByText("an end that is still to come").waitFor();
  assert.equal(await dialog.getByLabel("Why (the person reads it)").inputValue(), "Left the lid open");
  await dialog.getByLabel("Until (empty: until somebody reinstates)").fill(localTime(40 * 24));
  await ends(dialog, "Suspend");
  await page.getByText(/^Suspended until /).waitFor();
  await isSmall(page, "somebody who is suspended");
  const { user } = await read(url, `/api/users/${id}`, root);
  assert.deepEqual([user.status, user.suspension.reason], ["suspended", "Left the lid open"]);
  await readsWhy(browser, url);
  await page.getByRole("button", { name: "Change the suspension" }).click();
  const again = await dialogOf(page, "Suspend Otto?");
  assert.equal(await again.getByLabel("Why (the person reads it)").inputValue(), "Left the lid open");
  await ends(again, "Close");
  await page.getByRole("button", { name: "Reinstate" }).click();
  await ends(await dialogOf(page, "Reinstate Otto?"), "Reinstate");
  await page.getByRole("button", { name: "Suspend", exact: true }).waitFor();
  said("somebody is suspended with a reason and an end, reads both, and is reinstated");
}

async function readsWhy(browser, url) {
  const { page, context } = await visitor(browser, url);
  await logIn(page, OTTO, PHRASE);
  const strip = page.getByRole("complementary", { name: "Your account" });
  await strip.getByText(/^Your account is suspended until /).waitFor();
  await strip.getByText("“Left the lid open”").waitFor();
  await isSmall(page, "machines for somebody who is suspended");
  await page.goto("/machines/mch_laser");
  await page.getByText("Your account is suspended.", { exact: true }).first().waitFor();
  await isSmall(page, "a machine for somebody who is suspended");
  await context.close();
}

/** Gives a role; whoever gets it is logged out and told. */
export async function givesRoles({ page }, url, root, id) {
  const otto = await cookieOf(url, OTTO, PHRASE);
  await page.goto(`/admin/users?user=${id}`);
  await settled(page);
  const manager = page.locator("section").getByRole("checkbox", { name: "Manager" });
  await manager.press("Space");
  await page.getByRole("button", { name: /^Save roles/ }).click();
  await page.getByRole("button", { name: /^Save roles/ }).waitFor({ state: "detached" });
  assert.equal(await manager.isChecked(), true);
  const { user } = await read(url, `/api/users/${id}`, root);
  assert.deepEqual(user.roles.toSorted(), ["manager", "member"]);
  assert.equal((await call(url, "GET", "/api/auth/me", undefined, otto)).status, 401);
  said("roles are saved, and every session of the person ends");
}

/** Somebody becomes a person whose time is reserved; a calendar is mapped to him like to a machine. */
export async function makesAHost({ page }, url, root, id) {
  const raised = await call(url, "PATCH", `/api/users/${id}`, { roles: ["member", "manager", "host"] }, root);
  assert.equal(raised.status, 200, JSON.stringify(raised.body));
  await page.goto("/admin/machines?view=hosts");
  await page.getByRole("button", { name: "New person to reserve" }).click();
  const dialog = await dialogOf(page, "New person to reserve");
  await dialog.getByRole("button", { name: /Person$/ }).click();
  await page.getByRole("option", { name: /^Otto/ }).click();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Otto");
  await dialog.getByLabel("Id").fill("hst_coach");
  await dialog.getByLabel("Category").fill("coaching");
  await isSmall(page, "a new person to reserve");
  await dialog.getByRole("button", { name: "Make" }).click();
  await dialog.getByRole("alert").getByText("the id is taken").waitFor();
  await dialog.getByLabel("Id").fill("hst_otto");
  await ends(dialog, "Make");
  await page.getByRole("row", { name: /Otto/ }).getByText("Takes no reservations").waitFor();
  await page.getByRole("button", { name: "Calendar: Otto" }).click();
  await ends(await dialogOf(page, /Otto/), "Close");
  const { host } = await read(url, "/api/hosts/hst_otto", root);
  assert.deepEqual([host.name, host.category, host.active], ["Otto", "coaching", false]);
  said("somebody becomes a person to reserve, and a calendar is mapped on the same page");
}

/** Mail that comes back cannot be had here, so the answer about the person is made to tell of it. */
export async function mendsAnAddress({ page }, url) {
  const tells = async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    body.user.deadAddress = { why: "bounced", since: "2026-11-20T09:00:00Z" };
    await route.fulfill({ response: answer, json: body });
  };
  const lists = async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const one of body.items) if (one.id === "usr_max") one.deadAddress = { why: "bounced", since: "2026-11-20T09:00:00Z" };
    await route.fulfill({ response: answer, json: body });
  };
  await page.route(/\/api\/users\?/, lists);
  await page.goto("/admin/users");
  await page.getByRole("row", { name: /max@demo\.test/ }).getByText("Mail comes back").waitFor();
  await isSmall(page, "people, one of whom gets no mail");
  await page.unroute(/\/api\/users\?/, lists);
  await page.route("**/api/users/usr_max", tells);
  await page.goto("/admin/users?user=usr_max");
  await page.getByText(/^Mail comes back since /).waitFor();
  const again = page.getByRole("button", { name: /^Send again: / });
  await again.waitFor();
  await isSmall(page, "a person whose mail comes back");
  const [sent] = await Promise.all([
    page.waitForResponse((one) => one.url().endsWith("/resend")),
    again.press("Enter"),
  ]);
  assert.equal(sent.status(), 200);
  await page.getByRole("status").getByText("It is on its way.").waitFor();
  await page.unroute("**/api/users/usr_max", tells);
  await page.goto("/admin/users?user=usr_max");
  await settled(page);
  assert.equal(await page.getByText(/^Mail comes back since /).count(), 0);
  said("a person whose mail comes back is shown as such, and a letter sent again opens the address");
}

/** A manager whose scope is the printer, before other machines. */
export async function staysWithinScope(browser, url, root, id) {
  const scope = { machines: ["mch_printer"], categories: [] };
  const limited = await call(url, "PATCH", `/api/users/${id}`, { scope }, root);
  assert.equal(limited.status, 200, JSON.stringify(limited.body));
  const { page, context } = await visitor(browser, url);
  await logIn(page, OTTO, PHRASE);
  await page.goto("/admin/machines");
  assert.equal(await page.getByRole("button", { name: "New machine" }).count(), 0);
  await page.getByRole("row", { name: /Band saw/ }).getByText("Not in your charge").waitFor();
  await page.getByRole("row", { name: /3D printer/ }).getByText("Not in your charge").waitFor({ state: "detached" });
  await settled(page);
  await page.getByRole("button", { name: "Edit: Band saw" }).click();
  const dialog = await dialogOf(page, "Edit Band saw");
  for (const name of ["Two managers must say yes to a checkout", "Rules wait for a second manager"]) {
    assert.equal(await dialog.getByRole("checkbox", { name }).isDisabled(), true, name);
  }
  await dialog.getByLabel("Name").fill("My band saw");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").getByText("Your role does not suffice for this.").waitFor();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "My band saw");
  await page.goto("/admin/machines/mch_bandsaw/rules");
  await page.getByRole("alert").getByText("Your role does not suffice for this.").waitFor();
  await context.close();
  assert.equal((await read(url, "/api/machines/mch_bandsaw", root)).machine.name, "Band saw");
  said("beyond his scope a manager is refused, and what he typed stays");
}

/** An admin with a second factor shows it before an account is made; until then his form stays. */
export async function showsItFirst(browser, url, root, id) {
  const raised = await call(url, "PATCH", `/api/users/${id}`, { roles: ["admin"] }, root);
  assert.equal(raised.status, 200, JSON.stringify(raised.body));
  const secret = await enrolled(url, await cookieOf(url, OTTO, PHRASE));
  const { page, context } = await visitor(browser, url);
  await page.goto("/login?next=%2Fadmin%2Fusers");
  await page.getByLabel("E-mail").fill(OTTO);
  await page.getByLabel("Password").fill(PHRASE);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Code").fill(await code(url, secret));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("button", { name: "Invite" }).waitFor();
  await call(url, "POST", "/__dev/clock", { advanceSeconds: 660 });
  await page.getByRole("button", { name: "Invite" }).click();
  const form = page.getByRole("dialog", { name: "Invite" });
  await form.getByLabel("Name").fill("Pia");
  await form.getByLabel("E-mail").fill("pia@demo.test");
  await form.getByRole("button", { name: "Invite" }).click();
  const factor = await dialogOf(page, "Show your second factor");
  await ends(factor, "Not now");
  await form.getByRole("alert").getByText("The second factor must be shown again.").waitFor();
  assert.equal(await form.getByLabel("E-mail").inputValue(), "pia@demo.test");
  assert.deepEqual((await read(url, "/api/users?email=pia@demo.test", root)).items, []);
  await form.getByRole("button", { name: "Invite" }).click();
  await factor.getByLabel("Code").fill(await code(url, secret));
  await ends(factor, "Show it");
  await form.waitFor({ state: "detached" });
  assert.equal((await read(url, "/api/users?email=pia@demo.test", root)).items.length, 1);
  await context.close();
  said("what makes an account wants the second factor first, and the form stays until it is shown");
}

/** Gets a second factor on another device; answers its secret. */
async function enrolled(url, otto) {
  const begun = await call(url, "POST", "/api/auth/factor", { currentPassword: PHRASE }, otto);
  assert.equal(begun.status, 200, JSON.stringify(begun.body));
  const confirmed = await call(url, "POST", "/api/auth/factor/confirm", { code: await code(url, begun.body.factor.secret) }, otto);
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body));
  return begun.body.factor.secret;
}

/** Whoever is banned is out at once, and what he holds ahead is given back. */
export async function bans({ page }, url, root) {
  const max = await cookieOf(url, "max@demo.test");
  const start = await freeTime(url, "mch_printer", max);
  const headers = { ...max, "Idempotency-Key": crypto.randomUUID() };
  const held = await call(url, "POST", "/api/machines/mch_printer/reservations", { start }, headers);
  assert.equal(held.status, 202, JSON.stringify(held.body));
  const { id } = held.body.reservation;
  await page.goto("/admin/users?user=usr_max");
  await page.getByRole("button", { name: "Ban" }).click();
  const dialog = await dialogOf(page, "Ban Max?");
  await dialog.getByText("every reservation ahead is cancelled within a minute").waitFor();
  await ends(dialog, "Ban");
  await page.locator("section").getByText("Banned", { exact: true }).waitFor();
  assert.equal((await call(url, "GET", "/api/auth/me", undefined, max)).status, 401);
  const again = await call(url, "POST", "/api/auth/login", { email: "max@demo.test", password: PASSWORD });
  assert.equal(again.status, 401, JSON.stringify(again.body));
  await job(url, "outbox-calcom");
  await page.goto(`/reservations/${id}`);
  await page.getByText("Cancelled", { exact: true }).first().waitFor();
  await page.goto("/admin/users?user=usr_max");
  await page.getByRole("button", { name: "Reinstate" }).click();
  const lift = await dialogOf(page, "Reinstate Max?");
  await ends(lift, "Reinstate");
  await page.getByRole("button", { name: "Ban" }).waitFor();
  assert.equal((await read(url, `/api/reservations/${id}`, root)).reservation.status, "cancelled");
  await cookieOf(url, "max@demo.test");
  said("whoever is banned is out and loses what is ahead; reinstated, he is in again");
}
