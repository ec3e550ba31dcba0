import { expect, test } from "vitest";
import { differences, told } from "./diff";

test("what is equal does not differ", () => {
  expect(differences({ a: [1, { b: null }] }, { a: [1, {}] })).toEqual([]);
});

test("each place that differs is named", () => {
  expect(differences({ a: 1, b: { c: "x" } }, { a: 2, b: { c: "x", "d/e": true } })).toEqual([
    { pointer: "/a", before: 1, after: 2 },
    { pointer: "/b/d~1e", before: undefined, after: true },
  ]);
});

test("a list that became an object differs as a whole", () => {
  expect(differences({ a: [1] }, { a: { 0: 1 } })).toHaveLength(1);
});

test("a value is told in one line", () => {
  expect(told(undefined)).toBe("–");
  expect(told("word")).toBe("word");
  expect(told({ a: 1 })).toBe('{"a":1}');
});
