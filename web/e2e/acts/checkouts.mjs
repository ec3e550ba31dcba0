// A manager says no: at the desk by the keyboard alone, and to a time that waits.
import assert from "node:assert/strict";
import { settled } from "../browser.mjs";
import { call, cookieOf } from "../stack.mjs";
import { dialogOf, ends, letterTo, pressUntil, read, said } from "../steps.mjs";
import { freeTime } from "../workshop.mjs";

const LATHE = "/api/machines/mch_lathe";
const REASON = "Come to the course on Friday first";

export async function declines({ page }, url) {
  const root = await cookieOf(url, "root@demo.test");
  for (const email of ["ada@demo.test", "max@demo.test"]) {
    const asked = await call(url, "POST", `${LATHE}/checkout-requests`, {}, await cookieOf(url, email));
    assert.equal(asked.status, 201, JSON.stringify(asked.body));
  }
  await page.goto("/admin/checkouts");
  await settled(page);
  for (const name of ["Ada", "Max"]) {
    await page.getByRole("checkbox", { name: `Choose ${name}, Lathe` }).focus();
    await page.keyboard.press("Space");
  }
  await pressUntil(page, /^Decline \(2\)$/);
  await page.keyboard.press("Enter");
  const dialog = await dialogOf(page, "Decline on Lathe");
  await pressUntil(page, /^Decline$/);
  await page.keyboard.press("Enter");
  // A no without a reason is not sent: the field that lacks it has the focus.
  await pressUntil(page, /^Reason$/, "Tab", 1);
  const body = { userIds: ["usr_max"], decision: "decline", reason: "Meanwhile" };
  assert.equal((await call(url, "POST", `${LATHE}/checkout`, body, root)).status, 200);
  await page.keyboard.type(REASON);
  await pressUntil(page, /^Decline$/);
  await page.keyboard.press("Enter");
  await dialog.getByRole("listitem").filter({ hasText: "Ada" }).getByText("Done").waitFor();
  await dialog.getByRole("listitem").filter({ hasText: "Max" }).getByText("nothing waits for an answer").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("Nobody waits for a checkout.").waitFor();
  assert.deepEqual((await read(url, "/api/checkouts?state=pending", root)).items, []);
  assert.ok((await letterTo(url, "ada@demo.test")).text.includes(REASON), "the reason is in her letter");
  said("several are declined by keys alone, and whoever was answered meanwhile is told");
}

/** A time on the printer that waits for a yes gets a no, which another's answer may forestall. */
export async function declinesATime({ page }, url) {
  const max = await cookieOf(url, "max@demo.test");
  const first = await asksForATime(url, max);
  await page.goto("/admin/sessions?of=mch_printer&view=upcoming");
  const decline = page.getByRole("button", { name: /^Decline: Max/ });
  await decline.click();
  const dialog = await dialogOf(page, "Decline this reservation?");
  await dialog.getByLabel("Reason").fill(REASON);
  await isAnswered(url, first);
  await dialog.getByRole("button", { name: "Decline" }).click();
  await dialog.getByRole("alert").getByText("It cannot be done as things stand.").waitFor();
  assert.equal(await dialog.getByLabel("Reason").inputValue(), REASON);
  await ends(dialog, "Close");
  await decline.waitFor({ state: "detached" });
  const second = await asksForATime(url, max);
  await page.reload();
  await decline.click();
  await dialog.getByLabel("Reason").fill(REASON);
  await ends(dialog, "Decline");
  await decline.waitFor({ state: "detached" });
  assert.equal((await read(url, `/api/reservations/${second}`, max)).reservation.status, "cancelled");
  assert.equal((await read(url, `/api/reservations/${first}`, max)).reservation.status, "confirmed");
  assert.ok((await letterTo(url, "max@demo.test")).text.includes(REASON), "the reason is in his letter");
  said("a time that waits is declined, and one that was answered meanwhile is told");
}

async function asksForATime(url, max) {
  const start = await freeTime(url, "mch_printer", max);
  const headers = { ...max, "Idempotency-Key": crypto.randomUUID() };
  const asked = await call(url, "POST", "/api/machines/mch_printer/reservations", { start }, headers);
  assert.equal(asked.body.reservation.status, "awaiting", JSON.stringify(asked.body));
  return asked.body.reservation.id;
}

async function isAnswered(url, id) {
  const headers = { ...(await cookieOf(url, "root@demo.test")), "Idempotency-Key": crypto.randomUUID() };
  const yes = await call(url, "POST", `/api/reservations/${id}/approve`, {}, headers);
  assert.equal(yes.status, 200, JSON.stringify(yes.body));
}
