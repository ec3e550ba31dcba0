// Every page of a member while its answers are late and after they were refused, and the way out.
import assert from "node:assert/strict";
import { logIn, settled, violations, visitor } from "./browser.mjs";
import { call as send, cookieOf } from "./stack.mjs";
import { said } from "./steps.mjs";
import { freeTime } from "./workshop.mjs";

const PROBLEM = JSON.stringify({
  type: "urn:interlock:problem:internal", title: "Internal", status: 500, detail: "", code: "internal",
  instance: "urn:interlock:request:req_sample",
});

/** What each page asks for, where it may be late or refused by itself. */
const PAGES = [
  ["/machines", "/api/machines"],
  ["/machines/mch_laser", "/api/machines/mch_laser"],
  ["/machines/mch_laser", "/api/machines/mch_laser/eligibility"],
  ["/machines/mch_laser/reserve", "/api/machines/mch_laser/availability"],
  ["/hosts", "/api/hosts"],
  ["/hosts/hst_coach", "/api/hosts/hst_coach"],
  ["/hosts/hst_coach/reserve", "/api/hosts/hst_coach/availability"],
  ["/training", "/api/training/modules"],
  ["/training/mod_shop_basics", "/api/training/status"],
  ["/reservations", "/api/reservations"],
  ["/account", "/api/preferences"],
];

export async function states(browser, url) {
  const ada = await cookieOf(url, "ada@demo.test");
  const start = await freeTime(url, "hst_coach", ada, "hosts");
  const header = { ...ada, "Idempotency-Key": crypto.randomUUID() };
  const held = await send(url, "POST", "/api/hosts/hst_coach/reservations", { start }, header);
  const { id } = held.body.reservation;
  const one = await visitor(browser, url);
  await logIn(one.page, "ada@demo.test");
  const own = [[`/reservations/${id}`, `/api/reservations/${id}`], [`/reservations/${id}`, `/api/reservations/${id}/history`]];
  for (const [path, call] of [...PAGES, ...own]) await isLateAndRefused(one, path, call);
  await isStrange(one);
  await one.context.close();
  said("every page of a member is accessible while it waits and after a refusal, and comes back");
}

/** The page while `call` is late and after it was refused, and back to good. */
export async function isLateAndRefused({ page, context }, path, call) {
  const asked = ({ pathname }) => pathname === call;
  let refuse = () => {};
  const late = new Promise((resolve) => (refuse = resolve));
  await context.route(asked, async (route) => {
    await late;
    await route.fulfill({ status: 400, contentType: "application/problem+json", body: PROBLEM });
  });
  await page.goto(path);
  await page.locator("[data-loading] i").first().waitFor();
  assert.deepEqual(await violations(page), [], `accessibility of ${path} without ${call}`);
  refuse();
  const alert = page.getByRole("alert").filter({ hasText: "req_sample" }).first();
  await alert.waitFor();
  await settled(page);
  assert.deepEqual(await violations(page), [], `accessibility of ${path} refused ${call}`);
  await context.unroute(asked);
  await alert.getByRole("button", { name: "Try again" }).click();
  await alert.waitFor({ state: "detached" });
  await settled(page);
}

/** What is not there. */
async function isStrange({ page }) {
  for (const path of ["/hosts/hst_none", "/training/mod_none", "/nowhere"]) {
    await page.goto(path);
    await settled(page);
    assert.deepEqual(await violations(page), [], `accessibility of ${path}`);
  }
}
