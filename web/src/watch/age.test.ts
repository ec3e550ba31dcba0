import { expect, test } from "vitest";
import { age } from "./age";

test("an age is told in its largest unit", () => {
  expect([0, 3.9, 59, 60, 3599, 3600, 9000].map(age)).toEqual(["0 s", "3 s", "59 s", "1 min", "59 min", "1 h", "2 h"]);
});
