import { expect, test } from "vitest";
import { folded, replaced, unfolded, withGroup, withLevel } from "./varied";

test("a plain value has no others beside it, and stays plain", () => {
  const plain = unfolded<number | null>(14, null);
  expect(plain).toEqual({ base: 14, groups: [], levels: [] });
  expect(folded(plain, null)).toBe(14);
});

test("nothing said stays unsaid", () => {
  expect(folded(unfolded<number | null>(undefined, null), null)).toBeUndefined();
  expect(folded(unfolded(0, 0), 0)).toBeUndefined();
});

test("a group begins as what counts without it, a level as the one below", () => {
  const both = withLevel(withLevel(withGroup(unfolded(60, 0))));
  expect(both.groups).toEqual([{ group: "", value: 60 }]);
  expect(both.levels).toEqual([{ from: 1, value: 60 }, { from: 2, value: 60 }]);
});

test("what differs is written with what it differs from, even where that is no limit", () => {
  const value = unfolded<number | null>({ levels: [{ from: 2, value: 30 }] }, null);
  expect(folded(value, null)).toEqual({ base: null, levels: [{ from: 2, value: 30 }] });
});

test("without the last that differs it is one value again", () => {
  const value = unfolded<number | null>({ base: 7, groups: [{ group: "school", value: 3 }] }, null);
  expect(folded({ ...value, groups: replaced(value.groups, 0, undefined) }, null)).toBe(7);
});
