// The nights when clocks change, seen from a zone that changes its clocks while the machine is open.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "./browser.mjs";
import { call } from "./stack.mjs";
import { said } from "./steps.mjs";

const ZONE = "Pacific/Auckland";
const DAY = 86_400;

/** Moves the stack's clock ahead, so nothing else of a journey comes after it. */
export async function nights(browser, url) {
  await until(url, "2027-03-10");
  const twice = await times(browser, url, "2027-04-04");
  assert.deepEqual(
    twice.filter((time) => time.startsWith("02:")),
    ["02:00 GMT+13", "02:30 GMT+13", "02:00 GMT+12", "02:30 GMT+12"],
  );
  await until(url, "2027-08-20");
  const skipped = await times(browser, url, "2027-09-26");
  assert.ok(skipped.includes("01:30") && skipped.includes("03:00"));
  assert.deepEqual(skipped.filter((time) => time.startsWith("02:")), []);
  said("an hour that comes twice is told apart, and one that is skipped is not offered");
}

async function until(url, day) {
  const { body } = await call(url, "POST", "/__dev/clock", { advanceSeconds: 0 });
  const seconds = Math.floor((Date.parse(day) - Date.parse(body.now)) / 1000);
  await call(url, "POST", "/__dev/clock", { advanceSeconds: seconds + DAY });
}

/** What the column of `day` says, from top to bottom. */
async function times(browser, url, day) {
  const one = await visitor(browser, url, { timezoneId: ZONE });
  await logIn(one.page, "max@demo.test");
  await one.page.goto(`/machines/mch_printer/reserve?day=${day}`);
  await settled(one.page);
  const column = one.page.getByRole("listbox").last();
  const found = await column.getByRole("option").allInnerTexts();
  await one.context.close();
  return found.map((text) => text.replace(/\s*closed for you.*$/s, "").trim());
}
