// Training modules: made and changed by an admin, and a manager's word in the place of a film.
import assert from "node:assert/strict";
import { logIn, settled, visitor } from "../browser.mjs";
import { isLateAndRefused } from "../states.mjs";
import { call, cookieOf } from "../stack.mjs";
import { dialogOf, ends, isAccessible, isSmall, pressUntil, read, said } from "../steps.mjs";

const MODULES = "/api/training/modules";
const MADE = "mod_lathe_basics";
const made = async (url, who) => (await read(url, MODULES, who)).items.find(({ id }) => id === MADE);

export async function makesAModule(one, url, root) {
  const { page } = one;
  await isLateAndRefused(one, "/admin/training", MODULES);
  await page.goto("/admin/training");
  await isSmall(page, "modules");
  await pressUntil(page, /^New module$/);
  await page.keyboard.press("Enter");
  const dialog = await dialogOf(page, "New module");
  await dialog.getByLabel("Title").fill("Lathe basics");
  await dialog.getByLabel("Id").fill("mod_shop_basics");
  await dialog.getByLabel("Length").fill("two minutes");
  await dialog.getByLabel("Parts that must be seen wholly").fill("0:40 – 0:30");
  assert.equal(await dialog.getByText("This cannot be read.").count(), 2);
  assert.equal(await dialog.getByRole("button", { name: "Make" }).isDisabled(), true);
  await isSmall(page, "a module that cannot be read");
  await dialog.getByLabel("Length").fill("2:00");
  await dialog.getByLabel("Parts that must be seen wholly").fill("0:30 – 0:40");
  await dialog.getByLabel("Coverage, in per cent").fill("95");
  await dialog.getByRole("checkbox", { name: "Shop basics" }).press("Space");
  await dialog.getByRole("button", { name: "Make" }).click();
  await dialog.getByRole("alert").waitFor();
  assert.equal(await dialog.getByLabel("Title").inputValue(), "Lathe basics");
  await dialog.getByLabel("Id").fill(MADE);
  await ends(dialog, "Make");
  const row = page.getByRole("row", { name: /Lathe basics/ });
  await row.getByText("After Shop basics").waitFor();
  const module = await made(url, root);
  assert.deepEqual([module.durationSeconds, module.mustSee, module.prerequisites], [120, [{ from: 30, to: 40 }], ["mod_shop_basics"]]);
  assert.equal(module.rules.completionPercent, 95);
  said("a module is made with its parts, its rules and what comes before, and what is wrong with it is told");
}

/** Another film is a version of its own, and says what changed; nobody's change is written over. */
export async function changesAModule({ page }, url, root) {
  const edit = page.getByRole("button", { name: "Edit: Lathe basics" });
  await edit.click();
  const dialog = await dialogOf(page, "Edit Lathe basics");
  await dialog.getByLabel("Length").fill("2:10");
  await dialog.getByText("say what changed").waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Save" }).isDisabled(), true);
  await dialog.getByRole("button", { name: /What of it is another/ }).click();
  await page.getByRole("option", { name: "Some parts" }).click();
  await dialog.getByLabel("Which parts").fill("2:00 – 2:10");
  await dialog.getByLabel("Proofs of before stay good, in days").fill("14");
  await isSmall(page, "a module that changes");
  const { etag } = await made(url, root);
  const titled = await call(url, "PATCH", `${MODULES}/${MADE}`, { title: "Lathe, basics" }, { ...root, "If-Match": etag });
  assert.equal(titled.status, 200, JSON.stringify(titled.body));
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").getByText("It has changed meanwhile. Load it again.").waitFor();
  assert.equal(await dialog.getByLabel("Length").inputValue(), "2:10");
  await ends(dialog, "Close");
  await settled(page);
  await page.getByRole("button", { name: "Edit: Lathe, basics" }).click();
  const again = await dialogOf(page, "Edit Lathe, basics");
  await again.getByLabel("Length").fill("2:10");
  await again.getByRole("button", { name: /What of it is another/ }).click();
  await page.getByRole("option", { name: "Everything" }).click();
  await again.getByRole("checkbox", { name: "Can be watched" }).press("Space");
  await ends(again, "Save");
  const row = page.getByRole("row", { name: /Lathe, basics/ });
  await row.getByText("Version 2").waitFor();
  await row.getByText("Cannot be watched").waitFor();
  const module = await made(url, root);
  assert.deepEqual([module.version, module.durationSeconds, module.active], [2, 130, false]);
  said("another film makes a new version and says what changed, and nobody's change is written over");
}

/** Ada's page claims what a script would: enough, out of sight and as even as a clock. */
async function watchesLikeAScript(url) {
  const ada = await cookieOf(url, "ada@demo.test");
  const moduleId = "mod_shop_basics";
  const send = async (body) => {
    const sent = await call(url, "POST", "/api/training/progress", { moduleId, ...body }, ada);
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    return sent.body;
  };
  const first = { sequence: 1, segments: [], position: 0, visible: true };
  const tabs = [(await send(first)).watchId, (await send(first)).watchId];
  let sequence = 1;
  const beat = async (watchId, from) => {
    sequence += 1;
    const segments = [{ from, to: 180, rate: 1, wallMs: (180 - from) * 1000 }];
    await send({ watchId, sequence, segments, position: 180, visible: false });
  };
  const passes = (seconds) => call(url, "POST", "/__dev/clock", { advanceSeconds: seconds });
  for (let turn = 0; turn < 24; turn += 1) {
    await passes(turn % 4 === 0 ? 13 : 1);
    await beat(tabs[turn % 2], turn * 4);
  }
  for (let turn = 0; turn < 20; turn += 1) {
    await passes(15);
    await beat(tabs[0], turn * 9);
  }
  const asked = await call(url, "POST", "/api/training/complete", { moduleId }, ada);
  assert.equal(asked.status, 202, JSON.stringify(asked.body));
}

const standing = async (url, who, moduleId) =>
  (await read(url, "/api/training/status?userId=usr_ada", who)).items.find((one) => one.moduleId === moduleId);

export async function looksAtAWatch(browser, one, url, root) {
  const { page } = one;
  await page.goto("/admin/training?view=waiting");
  await page.getByText("No watch waits for a look.").waitFor();
  await isAccessible(page, "nothing to look at");
  await isLateAndRefused(one, "/admin/training?view=waiting", "/api/training/status");
  await watchesLikeAScript(url);
  await page.reload();
  await page.getByText("Mostly out of sight").waitFor();
  await isSmall(page, "a watch to look at");
  await turnsItDown(browser, page, url, root);
  await watchesLikeAScript(url);
  await page.reload();
  await pressUntil(page, /^Record a proof: Ada, Shop basics$/);
  await page.keyboard.press("Enter");
  const dialog = await dialogOf(page, "Shop basics: proof for Ada");
  await dialog.getByRole("button", { name: "Record a proof" }).click();
  await pressUntil(page, /^On what grounds$/, "Tab", 1);
  await page.keyboard.type("I sat beside her");
  await ends(dialog, "Record a proof");
  await page.getByText("No watch waits for a look.").waitFor();
  const { completed, proof } = await standing(url, root, "mod_shop_basics");
  assert.deepEqual([completed, proof.alternative.kind], [true, "watch_confirmed"]);
  said("a watch that looks unusual is looked at, and confirmed by keys with a manager's word");
}

/** The person reads the reason, and begins anew. */
async function turnsItDown(browser, page, url, root) {
  await page.getByRole("button", { name: "Turn down: Ada, Shop basics" }).press("Enter");
  const dialog = await dialogOf(page, "Turn down Shop basics for Ada?");
  await dialog.getByLabel("Reason").fill("It ran beside another film");
  await ends(dialog, "Turn down");
  await page.getByText("No watch waits for a look.").waitFor();
  const { completed, coveragePercent, declined } = await standing(url, root, "mod_shop_basics");
  assert.deepEqual([completed, coveragePercent, declined.reason], [false, 0, "It ran beside another film"]);
  const ada = await visitor(browser, url);
  await logIn(ada.page, "ada@demo.test");
  await ada.page.goto("/training");
  await ada.page.getByText("Watch again", { exact: true }).waitFor();
  await isSmall(ada.page, "trainings, one of them turned down");
  await ada.page.getByRole("link", { name: "Shop basics" }).click();
  await ada.page.getByText(/“It ran beside another film”/).waitFor();
  await isSmall(ada.page, "a film that is to be watched again");
  await ada.context.close();
  said("a watch is turned down with a reason, which the person reads");
}

/** Another proof in the place of a film, on the page of the person. */
export async function recordsAProof({ page }, url, root) {
  await page.goto("/admin/users?user=usr_ada");
  await page.getByText("“I sat beside her”").waitFor();
  await isSmall(page, "trainings of a person");
  await page.getByRole("button", { name: "Record a proof: Laser safety" }).click();
  const dialog = await dialogOf(page, "Laser safety: proof for Ada");
  await dialog.getByRole("button", { name: /What it is/ }).click();
  await page.getByRole("option", { name: "Read the transcript" }).click();
  await dialog.getByLabel("On what grounds").fill("Read it at the desk");
  await ends(dialog, "Record a proof");
  await page.getByText("“Read it at the desk”").waitFor();
  const { completed, proof } = await standing(url, root, "mod_laser_safety");
  assert.deepEqual([completed, proof.alternative.kind], [true, "transcript"]);
  said("a proof of another kind is recorded on the page of a person");
}
