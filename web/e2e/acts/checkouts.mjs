// The checkout desk says no: by the keyboard alone, and beside another manager's answer.
import assert from "node:assert/strict";
import { settled } from "../browser.mjs";
import { call, cookieOf } from "../stack.mjs";
import { dialogOf, letterTo, pressUntil, read, said } from "../steps.mjs";

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
