import { expect, test } from "vitest";
import { csv, jsonLines } from "./csv";

test("what holds a comma, a quote or a line is quoted", () => {
  expect(csv([["a,b", 'c"d', "e\nf"]])).toBe('"a,b","c""d","e\nf"\r\n');
});

test.each(["=1+1", "+1", "-1", "@x", "\tx"])("%s is no formula any more", (text) => {
  expect(csv([[text]]).startsWith(`'${text[0]}`)).toBe(true);
});

test("each value has a line", () => {
  expect(jsonLines([{ a: 1 }, "b"])).toBe('{"a":1}\n"b"\n');
});
