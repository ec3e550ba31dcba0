// People whose time is reserved: found beside machines, reserved, moved and given back like one.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "./browser.mjs";
import { choose, confirm, free, giveBack, isAccessible, isSmall, pressUntil, said } from "./steps.mjs";

export async function hosts(browser, url) {
  const one = await visitor(browser, url);
  const { page, messages } = one;
  await logIn(page, "ada@demo.test");
  messages.length = 0;
  await finds(page);
  await reserves(page);
  await moves(page);
  await giveBack(page);
  await leadsFromElsewhere(page);
  assert.deepEqual(messages, [], "messages on the console");
  await one.context.close();
  said("a person is found beside machines, reserved, moved and given back like one");
}

/** The page as it is, and the same in the dark on the smallest phone. */
async function isSound(page, name) {
  await isAccessible(page, name);
  await isSmall(page, name);
}

async function finds(page) {
  await pressUntil(page, /^People$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await isSound(page, "people to reserve");
  await page.getByLabel("Find a person").fill("nobody at all");
  await page.getByText("Nobody fits.").waitFor();
  await page.getByRole("link", { name: "clear", exact: false }).click();
  await pressUntil(page, /^Cora, coach$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Cora, coach" }).waitFor();
  await page.getByText("Meeting room").waitFor();
  await isSound(page, "a person to reserve");
}

async function reserves(page) {
  await pressUntil(page, /^Reserve$/);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/hosts/hst_coach/reserve");
  await settled(page);
  await page.getByText("The person is in America/Sao_Paulo").waitFor();
  await page.getByRole("button", { name: "Next week" }).first().click();
  await settled(page);
  await choose(page, 1);
  await page.getByText("Where the person is:").waitFor();
  await isSound(page, "reserving a person");
  await confirm(page);
  await page.getByText("It is yours.").waitFor();
  await page.getByText("Where the person is:").waitFor();
}

async function moves(page) {
  const before = await page.locator("p.text-head").innerText();
  await page.getByRole("link", { name: "Move" }).click();
  await settled(page);
  await page.getByRole("option", { name: /your time now/ }).waitFor();
  await isSmall(page, "moving a time of a person");
  await free(page).nth(5).click();
  await page.getByRole("button", { name: "Move to this time" }).click();
  await page.getByText("Moved.").waitFor();
  assert.notEqual(await page.locator("p.text-head").innerText(), before);
}

async function leadsFromElsewhere(page) {
  await page.goto("/machines/hst_coach");
  await page.waitForURL("**/hosts/hst_coach");
  await page.goto("/book?machine=hst_coach");
  await page.getByRole("heading", { level: 1, name: "Reserve Cora, coach" }).waitFor();
  await settled(page);
}
