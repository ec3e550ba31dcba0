// The works: webhooks at Cal.com, deliveries, differences and letters, each with what is refused.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { settled } from "../browser.mjs";
import { call } from "../stack.mjs";
import { dialogOf, ends, job, localTime, read, said } from "../steps.mjs";

const HOOK = "https://hooks.demo.test/bandsaw";
const HOOKS = "/api/cal/webhooks?resourceId=mch_bandsaw";

export async function makesAWebhook({ page }, url, root) {
  await page.goto("/admin/webhooks?of=mch_bandsaw");
  await settled(page);
  const [{ url: taken }] = (await read(url, HOOKS, root)).items;
  await page.getByRole("button", { name: "New webhook" }).click();
  const dialog = await dialogOf(page, "New webhook");
  const address = dialog.getByLabel("Address");
  await address.fill(taken);
  await dialog.getByRole("checkbox", { name: "MEETING_ENDED" }).press("Space");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").getByText("the account has a webhook with this address").waitFor();
  assert.equal(await dialog.getByRole("checkbox", { name: "MEETING_ENDED" }).isChecked(), true);
  await address.fill(HOOK);
  await ends(dialog, "Save");
  await page.getByRole("row", { name: new RegExp(HOOK) }).getByText("MEETING_ENDED").waitFor();
  const made = (await read(url, HOOKS, root)).items.find((one) => one.url === HOOK);
  assert.ok(made.active && made.triggers.includes("MEETING_ENDED"));
  said("a webhook is made, and an address that is there already is told");
  return made;
}

export async function removesAWebhook({ page }, url, root, made) {
  const remove = () => page.getByRole("button", { name: `Remove: ${HOOK}` }).click();
  await remove();
  const dialog = await dialogOf(page, "Remove this webhook?");
  await dialog.getByText("Cal.com tells us nothing more of this account").waitFor();
  const path = `/api/cal/webhooks/${made.id}?resourceId=mch_bandsaw`;
  assert.equal((await call(url, "DELETE", path, undefined, root)).status, 204);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await dialog.getByRole("alert").getByText("There is no such thing, or it is not yours.").waitFor();
  await ends(dialog, "Close");
  await page.getByRole("button", { name: `Remove: ${HOOK}` }).waitFor({ state: "detached" });
  await again(page, url, root);
  await remove();
  await ends(dialog, "Remove");
  await page.getByRole("button", { name: `Remove: ${HOOK}` }).waitFor({ state: "detached" });
  assert.ok((await read(url, HOOKS, root)).items.every((one) => one.url !== HOOK));
  said("a webhook is removed, and one that is gone already is told");
}

async function again(page, url, root) {
  const body = { resourceId: "mch_bandsaw", url: HOOK, active: true };
  assert.equal((await call(url, "POST", "/api/cal/webhooks", body, root)).status, 201);
  await page.reload();
}

/** On the page of one delivery, which is open. */
export async function replaysOne({ page }, url, root, delivery) {
  const path = `/api/webhook-events/${delivery}`;
  const before = (await read(url, path, root)).webhookEvent.replays;
  await page.goto(`/admin/webhook-events?open=${delivery}`);
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  const replays = page.locator("section dl > div").filter({ hasText: /^Replays/ });
  await replays.getByText(String(before + 1), { exact: true }).waitFor();
  const tries = page.getByRole("region", { name: "Tries" }).getByRole("listitem");
  await tries.first().getByText(/after it came$/).waitFor();
  await page.locator("#delivery + span").getByText("Applied", { exact: true }).waitFor();
  const { webhookEvent } = await read(url, path, root);
  assert.deepEqual([webhookEvent.state, webhookEvent.replays], ["applied", before + 1]);
  said("one delivery is replayed in sight");
}

/**
 * A delivery dies after six tries that are minutes apart, so the list of the dead is asked for as
 * that of the applied; everything else is as it is.
 */
export async function replaysTheDead({ page }, url, root) {
  const { items } = await read(url, "/api/webhook-events?state=applied&limit=100", root);
  assert.ok(items.length > 0);
  await page.route("**/api/webhook-events?state=dead*", (route) =>
    route.continue({ url: route.request().url().replace("state=dead", "state=applied") }));
  await page.goto("/admin/webhook-events");
  await page.getByRole("button", { name: "Replay all dead" }).click();
  const dialog = await dialogOf(page, "Replay?");
  await dialog.getByText("Every dead delivery is sent through the queue again").waitFor();
  await ends(dialog, "Replay");
  await page.getByText(`${items.length} replayed, 0 refused`).waitFor();
  await page.unroute("**/api/webhook-events?state=dead*");
  const [one] = items;
  await page.goto(`/admin/webhook-events?open=${one.deliveryId}`);
  await page.locator("#delivery + span").getByText("Applied", { exact: true }).waitFor();
  const { webhookEvent } = await read(url, `/api/webhook-events/${one.deliveryId}`, root);
  assert.equal(webhookEvent.replays, one.replays + 1);
  said("all that is dead is replayed, one after the other");
}

/** Somebody changes two kinds at Cal.com: differences that wait for a person. */
export async function closesFindings({ page }, url, root) {
  await changeKinds(url, root, 120);
  await page.goto("/admin/reconciliation?state=open");
  await runsInFull(page, url);
  await seesTo(page);
  await isSeenToAlready(page, url, root);
  const found = (await read(url, "/api/reconciliation/findings?state=resolved", root)).items;
  assert.deepEqual(found.map(({ resolution }) => resolution.note).toSorted(), ["Set right tomorrow", "Theirs"]);
  await takesThemAlong(page);
  await changeKinds(url, root, 0);
  said("differences are marked as seen to, and one that somebody else saw to is told");
}

/** Only what the filters let through goes into the file. */
async function takesThemAlong(page) {
  await page.goto("/admin/reconciliation?state=resolved");
  await settled(page);
  assert.equal(await page.getByText(/^Ignored until /).count(), 1);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
  const [head, ...rows] = readFileSync(await file.path(), "utf8").trim().split("\r\n");
  assert.match(head, /^id,class,state,/);
  assert.equal(rows.length, 2);
  assert.ok(rows.every((row) => row.includes(",resolved,")), rows.join());
}

async function changeKinds(url, root, minimumBookingNotice) {
  for (const id of ["mch_bandsaw", "mch_printer"]) {
    const { machine } = await read(url, `/api/machines/${id}`, root);
    const change = { eventTypeId: machine.eventTypes[0].id, changes: { minimumBookingNotice } };
    await call(url, "POST", "/__sim/ui/edit-event-type", change);
  }
}

/** Such a run goes on by the schedule after it is begun; what it finds comes into view by itself. */
async function runsInFull(page, url) {
  await page.getByRole("checkbox", { name: "In full" }).press("Space");
  await page.getByRole("button", { name: "Run now" }).click();
  await page.getByText(/^A run goes on/).waitFor();
  await job(url, "reconcile");
  await page.getByRole("button", { name: "Mark as seen to" }).nth(1).waitFor();
}

async function seesTo(page) {
  await page.getByRole("button", { name: "Mark as seen to" }).first().click();
  const dialog = await dialogOf(page, "Mark this difference as seen to?");
  await dialog.getByLabel("Note").fill("Set right tomorrow");
  await dialog.getByLabel("Ignore until (empty: for good)").fill(localTime(40 * 24));
  await ends(dialog, "Mark as seen to");
  await page.getByRole("button", { name: "Mark as seen to" }).nth(1).waitFor({ state: "detached" });
}

async function isSeenToAlready(page, url, root) {
  await page.getByRole("button", { name: "Mark as seen to" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Note").fill("Mine");
  const [{ id }] = (await read(url, "/api/reconciliation/findings?state=open", root)).items;
  const path = `/api/reconciliation/findings/${id}/resolve`;
  assert.equal((await call(url, "POST", path, { note: "Theirs" }, root)).status, 200);
  await dialog.getByRole("button", { name: "Mark as seen to" }).click();
  await dialog.getByRole("alert").getByText("It cannot be done as things stand.").waitFor();
  assert.equal(await dialog.getByLabel("Note").inputValue(), "Mine");
  await ends(dialog, "Close");
  await page.getByText("In step. No difference fits.").waitFor();
}

/** Letters leave the list of those sent as soon as they are due again. */
export async function sendsAgain({ page }, url, root) {
  await job(url, "outbox-notify");
  await page.goto("/admin/notifications?state=sent");
  await settled(page);
  const [one, other] = (await read(url, "/api/notifications?state=sent&limit=2", root)).items;
  const again = page.getByRole("button", { name: /^Send again/ });
  await again.first().click();
  await page.getByRole("status").filter({ hasText: /: On its way$/ }).waitFor();
  await settled(page);
  const taken = await call(url, "POST", `/api/notifications/${other.id}/resend`, {}, root);
  assert.equal(taken.status, 200, JSON.stringify(taken.body));
  await again.first().click();
  await page.getByRole("alert").getByText("the letter waits, or was not to be sent").waitFor();
  const due = (await read(url, "/api/notifications?state=pending&limit=100", root)).items.map(({ id }) => id);
  assert.ok(due.includes(one.id) && due.includes(other.id));
  said("a letter is sent again, and one that is on its way already is told");
}
