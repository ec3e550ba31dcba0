import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Kept, keep, keptOf } from "./kept";

const kept = {
  base: { overview: {}, tag: '"v3"' },
  draft: { rules: { horizonDays: 20 } },
  text: "{ twenty",
  why: { reason: "In demand", from: "" },
} as unknown as Kept;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is typed of one machine's rules is there an hour later, and of no other", () => {
  const client = new QueryClient({ defaultOptions: { queries: { gcTime: 1000 } } });
  keep(client, "mch_laser", kept);
  vi.advanceTimersByTime(3_600_000);
  expect(keptOf(client, "mch_laser")).toEqual(kept);
  expect(keptOf(client, "mch_lathe")).toBeUndefined();
});

test("what was saved or discarded is not kept", () => {
  const client = new QueryClient();
  keep(client, "mch_laser", kept);
  keep(client, "mch_laser", undefined);
  expect(keptOf(client, "mch_laser")).toBeUndefined();
});

test("what is typed ends with the session", () => {
  const client = new QueryClient();
  keep(client, "mch_laser", kept);
  client.clear();
  expect(keptOf(client, "mch_laser")).toBeUndefined();
});

test("it outlives that everything is looked up again", async () => {
  const client = new QueryClient();
  keep(client, "mch_laser", kept);
  await client.invalidateQueries();
  expect(keptOf(client, "mch_laser")).toEqual(kept);
});
