// What fails around the page: answers that are late or missing, and parts that are gone.
import assert from "node:assert/strict";
import { logIn, settled, violations, visitor } from "./browser.mjs";
import { said } from "./steps.mjs";

const API = "**/api/**";

export async function faults(browser, url) {
  const one = await visitor(browser, url);
  await logIn(one.page, "max@demo.test");
  await isSlow(one);
  await isStopped(one);
  await isOffline(one);
  await losesAPart(one);
  await one.context.close();
}

async function isSlow({ page, context }) {
  let answer = () => {};
  const late = new Promise((resolve) => (answer = resolve));
  await context.route(API, async (route) => {
    await late;
    await route.continue();
  });
  await page.reload({ waitUntil: "commit" });
  const skeleton = page.locator("[data-loading] i").first();
  await skeleton.waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of what is late");
  const moving = await skeleton.evaluate((i) => Number.parseFloat(getComputedStyle(i).animationDuration));
  assert.ok(moving < 0.001, "nothing moves for whoever wants no motion");
  answer();
  await settled(page);
  await page.getByRole("link", { name: "Laser cutter", exact: true }).waitFor();
  await context.unroute(API);
  said("a late answer is waited for in sight, and without motion");
}

async function isStopped({ page, context }) {
  await context.route(API, (route) => route.abort());
  for (const path of ["/machines", "/training", "/reservations", "/account"]) {
    await page.goto(path);
    const alert = page.getByRole("alert").first();
    await alert.getByText("No answer came.").waitFor();
    assert.deepEqual(await violations(page), [], `accessibility of ${path} without an answer`);
  }
  await context.unroute(API);
  await page.getByRole("button", { name: "Try again" }).first().click();
  await page.getByRole("heading", { name: "Letters" }).waitFor();
  await settled(page);
  await context.route(API, (route) => route.abort());
  for (const name of ["Machines", "Training", "Reservations"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.ok((await page.locator("main").innerText()).length > 10, `${name} is not blank`);
  }
  await context.unroute(API);
  await keepsWhatWasTyped({ page, context });
  said("without a backend no page is blank, and nothing typed is lost");
}

async function keepsWhatWasTyped({ page, context }) {
  await page.goto("/account");
  await settled(page);
  await page.getByLabel("Present password").fill("interlock-demo");
  await page.getByLabel("New password").fill("another-good-phrase");
  await context.route(API, (route) => route.abort());
  await page.getByRole("button", { name: "Change password" }).click();
  await page.getByRole("alert").getByText("No answer came.").waitFor();
  assert.equal(await page.getByLabel("New password").inputValue(), "another-good-phrase");
  await context.unroute(API);
}

async function isOffline({ page, context }) {
  await context.setOffline(true);
  await page.getByText("You are offline.").waitFor();
  assert.deepEqual(await violations(page), [], "accessibility offline");
  await context.setOffline(false);
  await page.getByText("You are offline.").waitFor({ state: "detached" });
  said("whoever is offline is told so");
}

/** After a deployment a part may be gone: once it comes by loading anew, else the page says so. */
async function losesAPart({ page, context }) {
  const part = /assets\/Training-.*\.js$/;
  let asked = 0;
  await page.goto("/machines");
  await settled(page);
  await context.route(part, (route) => ((asked += 1) > 1 ? route.continue() : route.abort()));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Training" }).click();
  await page.getByRole("link", { name: "Shop basics" }).waitFor();
  assert.equal(asked, 2);
  await context.unroute(part);
  await context.route(/assets\/Reservations-.*\.js$/, (route) => route.abort());
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Reservations" }).click();
  await page.getByRole("heading", { name: "This page did not load" }).waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of a page that did not load");
  said("a part that is gone is fetched by loading anew, or said to be missing");
}
