import { expect, test } from "vitest";
import { limitOf, lossOf, type Policy, parsed, sendable, withLimit, withLoss, withRule } from "./draft";

const policy = {
  version: 3,
  timeZone: "Europe/Berlin",
  requirements: [],
  rules: { horizonDays: 60, notice: { createMinutes: 60 }, openCap: { base: 3, levels: [] } },
} as unknown as Policy;

test("a limit is read where it lies", () => {
  expect(limitOf(policy, ["horizonDays"])).toBe(60);
  expect(limitOf(policy, ["notice", "createMinutes"])).toBe(60);
  expect(limitOf(policy, ["notice", "cancelMinutes"])).toBeUndefined();
});

test("a limit that differs by who asks is read as it is", () => {
  expect(limitOf(policy, ["openCap"])).toEqual({ base: 3, levels: [] });
});

test("a rule is put in the place of another, and taken out", () => {
  const area = { resourceId: "mch_hall", startOnly: false };
  const next = withRule(policy, "area", area);
  expect(next.rules.area).toEqual(area);
  expect(Object.keys(withRule(next, "area", undefined).rules)).not.toContain("area");
});

test("another number leaves everything else as it was", () => {
  const next = withLimit(policy, ["notice", "cancelMinutes"], 120);
  expect(next.rules.notice).toEqual({ createMinutes: 60, cancelMinutes: 120 });
  expect(next.rules.horizonDays).toBe(60);
  expect(policy.rules.notice).toEqual({ createMinutes: 60 });
});

test("without a number the limit is gone", () => {
  expect(Object.keys(withLimit(policy, ["horizonDays"], undefined).rules)).not.toContain("horizonDays");
});

test("what is lost has its usual outcome until another is said", () => {
  expect(lossOf(policy, "person").loss).toBe("cancel");
  expect(lossOf(policy, "resource").loss).toBe("flag");
  const next = withLoss(policy, "resource", { loss: "renew_by", days: 7 });
  expect(lossOf(next, "resource")).toEqual({ loss: "renew_by", days: 7 });
  expect(lossOf(next, "person").loss).toBe("cancel");
});

test("the number of a save is not sent back", () => {
  expect(Object.keys(sendable(policy))).not.toContain("version");
});

test.each(["", "{", "[]", "3", '{"rules":3}'])("%s is no policy", (text) => {
  expect(parsed(text)).toBeUndefined();
});
