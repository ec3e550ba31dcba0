import { expect, test } from "vitest";
import { covered } from "./coverage";

test("nothing watched is one gap and no stretch", () => {
  expect(covered([{ from: 0, to: 180 }], 180)).toEqual([]);
});

test("a film without gaps is one stretch", () => {
  expect(covered([], 180)).toEqual([{ from: 0, to: 180 }]);
});

test("stretches lie between gaps", () => {
  const gaps = [{ from: 0, to: 10 }, { from: 50, to: 60 }];
  expect(covered(gaps, 90)).toEqual([{ from: 10, to: 50 }, { from: 60, to: 90 }]);
});
