// Whole journeys against the running product; every step is a sentence, the first that fails ends it.
// All of them, or the parts that are named: `npm run e2e -- outcomes faults`.
import assert from "node:assert/strict";
import { launch, tellPages, visitor } from "./browser.mjs";
import { secondFactor } from "./factor.mjs";
import { faults } from "./faults.mjs";
import { hosts } from "./hosts.mjs";
import * as member from "./member.mjs";
import { nights } from "./nights.mjs";
import { outcomes } from "./outcomes.mjs";
import { staff } from "./staff.mjs";
import { startStack } from "./stack.mjs";
import { states } from "./states.mjs";
import { watches, watchesElsewhere } from "./watching.mjs";

/** Lanes run beside each other: nothing in one is to be seen by the other. */
const LANES = [
  { journey, keys: member.keysAlone, languages: member.speaks, account: member.comesAndGoes },
  { refused, hosts, dark: member.seesInTheDark, faults },
  { staff, states },
];
/** These change the calendar, the rules or the clock for everybody; the nights move it for good. */
const AFTERWARDS = { outcomes, secondFactor, nights };

async function journey(browser, url) {
  const max = await visitor(browser, url);
  await member.refusedLogin(max);
  await member.reserves(max);
  await member.takesItAlong(max);
  await member.moves(max);
  await member.cancels(max);
  await member.looksAround(max);
  await member.losesTheSession(max);
  await member.logsOut(max);
  assert.deepEqual(max.outsiders, [], "requests to others");
  await max.context.close();
}

async function refused(browser, url) {
  const ada = await member.isRefused(browser, url);
  await watches(ada);
  await watchesElsewhere(ada, url);
  await ada.context.close();
}

const wanted = process.argv.slice(2);

async function walk(parts, browser, url) {
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await part(browser, url);
  }
}

const stack = await startStack();
const browser = await launch();
try {
  await Promise.all(LANES.map((lane) => walk(lane, browser, stack.url)));
  await walk(AFTERWARDS, browser, stack.url);
} catch (error) {
  await tellPages(browser);
  throw error;
} finally {
  await browser.close();
  await stack.stop();
}
