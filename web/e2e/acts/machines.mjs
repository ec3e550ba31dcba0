// A machine is made and edited; what another person changes meanwhile is not written over.
import assert from "node:assert/strict";
import { settled } from "../browser.mjs";
import { call } from "../stack.mjs";
import { dialogOf, ends, read, said } from "../steps.mjs";

export const MADE = "mch_vinyl";

export async function makesAMachine({ page }, url, root) {
  await page.goto("/admin/machines");
  const saw = page.getByRole("row", { name: /Band saw/ });
  for (const proof of ["Completed Shop basics to 90 %", "Checked out on its category"]) await saw.getByText(proof).waitFor();
  await page.getByRole("button", { name: "New machine" }).click();
  const dialog = await dialogOf(page, "New machine");
  await dialog.getByLabel("Name").fill("Vinyl cutter");
  await dialog.getByLabel("Category").fill("cutters");
  const id = dialog.getByLabel("Id");
  assert.equal(await id.inputValue(), "mch_");
  await id.fill("mch_laser");
  await dialog.getByRole("button", { name: "Make" }).click();
  await dialog.getByRole("alert").getByText("the id is taken").waitFor();
  await id.fill("vinyl");
  await dialog.getByRole("button", { name: "Make" }).click();
  await dialog.getByRole("alert").getByText("/id").waitFor();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Vinyl cutter");
  await id.fill(MADE);
  await ends(dialog, "Make");
  await page.getByRole("row", { name: /Vinyl cutter/ }).getByText("Takes no reservations").waitFor();
  const { machine } = await read(url, `/api/machines/${MADE}`, root);
  assert.deepEqual([machine.name, machine.category, machine.active], ["Vinyl cutter", "cutters", false]);
  said("a machine is made, and an id that is taken or none is told without losing the form");
}

export async function editsAMachine({ page }, url, root) {
  await page.getByRole("button", { name: "Edit: Vinyl cutter" }).click();
  const dialog = await dialogOf(page, "Edit Vinyl cutter");
  await dialog.getByLabel("Name").fill("Vinyl plotter");
  await isMovedElsewhere(url, root);
  await looksAgain(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").getByText("It has changed meanwhile. Load it again.").waitFor();
  assert.equal(await dialog.getByLabel("Name").inputValue(), "Vinyl plotter");
  assert.equal((await read(url, `/api/machines/${MADE}`, root)).machine.category, "plotters");
  await ends(dialog, "Close");
  await settled(page);
  await page.getByRole("button", { name: "Edit: Vinyl cutter" }).click();
  assert.equal(await dialog.getByLabel("Category").inputValue(), "plotters");
  await dialog.getByLabel("Name").fill("Vinyl plotter");
  await ends(dialog, "Save");
  await page.getByRole("row", { name: /Vinyl plotter/ }).waitFor();
  const { machine } = await read(url, `/api/machines/${MADE}`, root);
  assert.deepEqual([machine.name, machine.category], ["Vinyl plotter", "plotters"]);
  said("a machine is edited, and what somebody else changed meanwhile stays");
}

async function isMovedElsewhere(url, root) {
  const found = await call(url, "GET", `/api/machines/${MADE}`, undefined, root);
  const headers = { ...root, "If-Match": found.headers.get("etag") };
  const moved = await call(url, "PATCH", `/api/machines/${MADE}`, { category: "plotters" }, headers);
  assert.equal(moved.status, 200, JSON.stringify(moved.body));
}

/** The window is left and come back to after a while, so the page looks everything up again. */
async function looksAgain(page) {
  await page.evaluate(() => {
    const present = Date.now;
    Date.now = () => present() + 60_000;
    window.dispatchEvent(new Event("visibilitychange"));
  });
  await page.getByRole("row", { name: /plotters/, includeHidden: true }).waitFor();
}
