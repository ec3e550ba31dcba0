// Many people out of a file: looked at before anything is sent, and gone on with after a failure.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isAccessible, isSmall, read, said } from "../steps.mjs";

const FILE = [
  "E-Mail;Name;Roles;Time zone",
  "ivan@demo.test;Ivan;;",
  "MAX@demo.test;Max;;",
  "Ivan@demo.test;Ivan again;;",
  "nobody;;boss;Mars/Sea",
  'olga@demo.test;"Olga; the baker";member host;Europe/Lisbon',
  "pavel@demo.test;Pavel;;",
].join("\n");

const file = (text) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

export async function importsPeople({ page }, url, root) {
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && /\/api\/users$/.test(request.url()) && sent.push(request.postDataJSON().email));
  await page.goto("/admin/users");
  await page.getByRole("link", { name: "From a file" }).click();
  await page.getByRole("heading", { level: 1, name: "Many people from a file" }).waitFor();
  const choose = (text) => page.locator("input[type=file]").setInputFiles(file(text));
  for (const [text, told] of [["a;b\n1;2", "must name the columns"], ["email,name\n", "nobody in this file"], ['email,name\n"x', "no readable CSV"]]) {
    await choose(text);
    await page.getByRole("alert").getByText(told).waitFor();
  }
  await isAccessible(page, "a file that cannot be read");
  await choose(FILE);
  await page.getByText("To invite: 3. There already: 1. Named twice: 1. Not readable: 1.").waitFor();
  const row = (line) => page.getByRole("row", { name: new RegExp(`^${line} `) });
  for (const words of ["no address of e-mail", "no name", "unknown role", "unknown time zone"]) await row(5).getByText(words).waitFor();
  await row(4).getByText("Named before").waitFor();
  await row(3).getByText("There already").waitFor();
  assert.deepEqual(sent, [], "nothing is sent before it is said so");
  await isSmall(page, "a file that was looked at");
  said("a file of people is looked at, and every row that is bad, there already or twice is named before anything is sent");
  await goesOn(page);
  await isKept(page, url, root);
  await choose(FILE);
  await page.getByText("To invite: 0. There already: 5. Named twice: 0. Not readable: 1.").waitFor();
  assert.equal(await page.getByRole("button", { name: /^Invite/ }).count(), 0);
  said("people out of a file are invited one by one, gone on with after a failure, and never twice");
}

/** The connection is lost with the second row; what was done stays, and the rest goes on. */
async function goesOn(page) {
  let asked = 0;
  await page.route("**/api/users", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    asked += 1;
    return asked === 2 ? route.abort() : route.continue();
  });
  await page.getByRole("button", { name: "Invite (3)" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByText("Invited: 1. Left: 2.").waitFor();
  await isAccessible(page, "an import that broke off");
  await page.getByRole("button", { name: "Go on (2)" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Invited: 3. Left: 0.").waitFor();
  await page.unroute("**/api/users");
  await isAccessible(page, "an import that is done");
}

async function isKept(page, url, root) {
  const [olga] = (await read(url, "/api/users?email=olga@demo.test", root)).items;
  assert.deepEqual([olga.name, olga.roles.toSorted(), olga.timeZone], ["Olga; the baker", ["host", "member"], "Europe/Lisbon"]);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as CSV" }).click()]);
  const lines = readFileSync(await saved.path(), "utf8").trim().split("\r\n");
  assert.equal(lines.length, 7);
  assert.match(lines[1], /^2,ivan@demo\.test,Ivan,Invited$/);
}
