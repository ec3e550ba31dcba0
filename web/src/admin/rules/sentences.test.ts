import { expect, test } from "vitest";
import { overwriteGetLocale } from "../../paraglide/runtime";
import type { Policy } from "./draft";
import { span } from "../../rules/limits";
import { limits, proof } from "./sentences";

overwriteGetLocale(() => "en");
const names = { module: (id: string) => `<${id}>`, place: (id: string) => `<${id}>` };

test("a training is told with its share and its term", () => {
  const one = { kind: "training", moduleId: "mod_a", minimumPercent: 90, validForDays: 365 } as const;
  expect(proof(one, names)).toBe("Completed <mod_a> to 90 %, within the last 365 days");
});

test("alternatives are told in one sentence", () => {
  const level = { kind: "checkout", scope: "machine", minimumLevel: 2 } as const;
  const other = { kind: "checkout", scope: { otherMachine: "mch_mill" } } as const;
  expect(proof({ kind: "any", of: [level, other] }, names)).toBe(
    "One of: Checked out on this machine, at level 2 or higher; Checked out on <mch_mill>",
  );
});

const week = { opens: "09:00:00", closes: "21:00:00" };
const policy = {
  timeZone: "Europe/Berlin",
  requirements: [],
  rules: {
    openingHours: { monday: [week], tuesday: [week], saturday: [{ opens: "10:00:00", closes: "18:00:00" }] },
    horizonDays: { base: 14, levels: [{ from: 2, value: null }] },
    quotas: [{ measure: "minutes", limit: 600, per: "week" }],
  },
} as unknown as Policy;

test("days with the same hours are told together", () => {
  expect(limits(policy)).toContain("Open Monday–Tuesday 09:00–21:00");
  expect(limits(policy)).toContain("Open Saturday 10:00–18:00");
});

test("a limit that differs by who asks says so", () => {
  expect(limits(policy)).toContain("At most 14 days ahead (differs by group or level)");
});

test("a quota names its measure and its stretch", () => {
  expect(limits(policy)).toContain("At most 600 minutes a week");
});

test("minutes are told in units", () => {
  expect([span(30), span(90), span(1440), span(0)]).toEqual(["30 min", "1 h 30 min", "1 d", "0 min"]);
});
