import { expect, test } from "vitest";
import { atFault, nameOf, sentenceOf } from "./calcom";

const well = { status: "ok", code: "ok" } as const;
const account = { ...well, calAccountId: "cal_laser", mode: "api_key", resourceIds: ["mch_laser", "mch_twin"] } as const;
const list = { ...well, name: "bookings", required: true } as const;
const holds = { ...well, name: "holds", required: false } as const;
const health = (more = {}) => ({ checks: [{ ...well, name: "network" } as const], accounts: [{ ...account, resourceIds: [...account.resourceIds] }], capabilities: [list, holds], ...more });

test("of a Cal.com that is well nothing is told", () => {
  expect(atFault(health())).toEqual([]);
});

test("the part at fault is told, and not what could not be judged behind it", () => {
  const checks = [{ name: "database", status: "failed", code: "database_down" }, { name: "licence", status: "unknown", code: "not_judged" }] as const;
  const found = atFault(health({ checks }));
  expect(found).toEqual([{ kind: "part", name: "database", code: "database_down" }]);
  expect(found.map(nameOf)).toEqual(["Database"]);
});

test("an account is told by the machines on it, and a call that is not needed is left out", () => {
  const accounts = [{ ...account, resourceIds: ["mch_laser", "mch_twin"], status: "failed", code: "key_expired" }] as const;
  const capabilities = [{ ...list, status: "failed", code: "absent" }, { ...holds, status: "failed", code: "absent" }] as const;
  const found = atFault(health({ accounts, capabilities }));
  expect(found.map((one) => `${nameOf(one)}: ${sentenceOf(one.code)}`)).toEqual([
    "mch_laser, mch_twin: Its key has expired. Make a new one and put it into the secret.",
    "Call bookings: This Cal.com does not have it. See which lines are supported.",
  ]);
});

test("that a machine has no key is told once and not of every call", () => {
  const none = { status: "degraded", code: "mode_none" } as const;
  const accounts = [{ ...account, ...none, resourceIds: ["mch_laser"] }];
  expect(atFault(health({ accounts, capabilities: [{ ...list, ...none }] })).map(nameOf)).toEqual(["mch_laser"]);
});
