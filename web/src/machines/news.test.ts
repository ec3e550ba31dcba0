import { expect, test } from "vitest";
import { running } from "./news";

const now = Date.parse("2026-11-26T12:00:00Z");
const outage = (id: string, startsAt: string, endsAt?: string) => ({
  id, startsAt, reason: "", ...(endsAt ? { endsAt } : {}),
});
const past = outage("past", "2026-11-25T12:00:00Z", "2026-11-26T12:00:00Z");
const short = outage("short", "2026-11-26T12:00:00Z", "2026-11-26T13:00:00Z");
const long = outage("long", "2026-11-26T08:00:00Z", "2026-11-27T13:00:00Z");
const open = outage("open", "2026-11-26T08:00:00Z");
const ahead = outage("ahead", "2026-11-26T12:00:01Z");

test("what is over, and what has not begun, is no outage now", () => {
  expect(running([past, ahead], now)).toBeUndefined();
});

test("of several the one that ends last is told, and one without an end before all", () => {
  expect(running([short, long, past], now)?.id).toBe("long");
  expect(running([open, short, long], now)?.id).toBe("open");
});
