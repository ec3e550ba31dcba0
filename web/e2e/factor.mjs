// The second factor: got, asked for at the login, lost, shown again before what is dangerous, removed.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { logIn, settled, violations, visitor } from "./browser.mjs";
import { call, PASSWORD } from "./stack.mjs";
import { isAccessible, said } from "./steps.mjs";

const WHO = "cora@demo.test";
const STEP_SECONDS = 30;

export async function secondFactor(browser, url) {
  const one = await visitor(browser, url);
  const { page } = one;
  await logIn(page, WHO);
  const { secret, recovery } = await enrols(page, url);
  await showsItAtTheLogin(page, url, secret);
  await hasLostIt(page, recovery);
  await showsItAgain(page, url, secret);
  await one.context.close();
}

/** What an app with this secret shows at the stack's present, later than anything shown before. */
export async function code(url, secret) {
  const { body } = await call(url, "POST", "/__dev/clock", { advanceSeconds: 2 * STEP_SECONDS });
  return codeAt(Date.parse(body.now), secret);
}

/** What it shows at an instant. */
export function codeAt(now, secret) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 1000 / STEP_SECONDS)));
  const digest = createHmac("sha1", base32(secret)).update(counter).digest();
  const place = digest[19] & 15;
  return String((digest.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function base32(text) {
  const bits = [...text].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"));
  return Buffer.from(bits.join("").match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

const section = (page) => page.getByRole("heading", { name: "Second factor" }).locator("..");

async function enrols(page, url) {
  await page.goto("/account");
  await settled(page);
  await section(page).getByLabel("Password").fill(PASSWORD);
  await section(page).getByRole("button", { name: "Begin" }).click();
  const secret = (await section(page).locator("code").first().innerText()).replaceAll(" ", "");
  await isAccessible(page, "getting a second factor");
  await section(page).getByLabel("Code").fill("000000");
  await section(page).getByRole("button", { name: "Confirm" }).click();
  await section(page).getByRole("alert").waitFor();
  await section(page).getByLabel("Code").fill(await code(url, secret));
  await section(page).getByRole("button", { name: "Confirm" }).click();
  await section(page).getByText("Keep these codes in a safe place.").waitFor();
  await isAccessible(page, "recovery codes");
  const recovery = await section(page).locator("li").allInnerTexts();
  assert.equal(recovery.length, 10);
  said("a second factor is got with the first code of an app");
  return { secret, recovery };
}

/** The first half of a login. */
async function half(page) {
  await page.goto("/account");
  await settled(page);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await page.waitForURL("**/login?out=true");
  await page.getByLabel("E-mail").fill(WHO);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Code").waitFor();
}

async function showsItAtTheLogin(page, url, secret) {
  await half(page);
  await isAccessible(page, "the code at the login");
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Code").fill(await code(url, secret));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("**/machines");
  said("it is asked for at the login");
}

async function hasLostIt(page, recovery) {
  await half(page);
  await page.getByLabel("Code").fill(recovery[0]);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("9 recovery codes are left.").waitFor();
  await isAccessible(page, "a recovery code used");
  await page.getByRole("button", { name: "Go on" }).click();
  await page.waitForURL("**/machines");
  said("a recovery code opens in its place");
}

async function showsItAgain(page, url, secret) {
  await call(url, "POST", "/__dev/clock", { advanceSeconds: 660 });
  await page.goto("/account");
  await settled(page);
  await page.getByRole("button", { name: "Download my data" }).click();
  const dialog = page.getByRole("dialog", { name: "Show your second factor" });
  await dialog.waitFor();
  assert.deepEqual(await violations(page), [], "accessibility of showing it again");
  await dialog.getByRole("button", { name: "Not now" }).click();
  await page.getByRole("alert").getByText("The second factor must be shown again.").waitFor();
  await page.getByRole("button", { name: "Download my data" }).click();
  const download = page.waitForEvent("download");
  await dialog.getByLabel("Code").fill(await code(url, secret));
  await dialog.getByRole("button", { name: "Show it" }).click();
  await download;
  said("before what is dangerous it is shown again, and the act goes on by itself");
  await section(page).getByRole("button", { name: "Make recovery codes anew" }).click();
  await section(page).locator("li").nth(9).waitFor();
  await section(page).getByRole("button", { name: "Remove" }).click();
  await section(page).getByRole("button", { name: "Begin" }).waitFor();
  said("recovery codes are made anew, and the factor is removed");
}
