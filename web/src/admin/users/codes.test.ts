import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeName } from "./codes";

const codes = readFileSync(new URL("../../../../docs/coverage/reason-codes.txt", import.meta.url), "utf8").trim().split("\n");

test("every reason of the gate has a name", () => {
  expect(codes.filter((code) => codeName(code) === code)).toEqual([]);
});
