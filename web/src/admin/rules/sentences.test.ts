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
    horizonDays: { base: 14, groups: [{ group: "school", value: 7 }], levels: [{ from: 2, value: null }] },
    area: { resourceId: "mch_hall", startOnly: true },
    contents: { resourceIds: ["mch_lathe", "mch_mill"] },
    quotas: [{ measure: "minutes", limit: 600, per: "week" }],
  },
} as unknown as Policy;

test("days with the same hours are told together", () => {
  expect(limits(policy, names)).toContain("Open Monday–Tuesday 09:00–21:00");
  expect(limits(policy, names)).toContain("Open Saturday 10:00–18:00");
});

test("a limit that differs by who asks says so", () => {
  expect(limits(policy, names)).toContain("At most 14 days ahead; for school: At most 7 days ahead; from level 2: No limit");
});

test("in what it is used and what is used in it is told by name", () => {
  expect(limits(policy, names)).toContain("Only with a reservation of <mch_hall> when it begins");
  expect(limits(policy, names)).toContain(
    "May be moved only as long as one's own reservations of <mch_lathe>, <mch_mill> stay within it",
  );
});

test("hours that differ by group are told for each", () => {
  const openingHours = { base: null, groups: [{ group: "school", value: { monday: [week] } }] };
  const varied = { ...policy, rules: { ...policy.rules, openingHours } } as unknown as Policy;
  expect(limits(varied, names)).toContain("Always open; for school: Open Monday 09:00–21:00");
});

test("a quota names its measure and its stretch", () => {
  expect(limits(policy, names)).toContain("At most 600 minutes a week");
});

test("minutes are told in units", () => {
  expect([span(30), span(90), span(1440), span(0)]).toEqual(["30 min", "1 h 30 min", "1 d", "0 min"]);
});
