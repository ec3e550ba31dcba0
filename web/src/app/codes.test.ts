import { expect, test } from "vitest";
import { inFours, shown } from "./codes";

test("six digits are a code, with or without the gap that apps show", () => {
  expect(shown("123456")).toEqual({ code: "123456" });
  expect(shown(" 123 456 ")).toEqual({ code: "123456" });
});

test("all else is a recovery code", () => {
  expect(shown(" abcd-efgh ")).toEqual({ recoveryCode: "abcd-efgh" });
  expect(shown("12345")).toEqual({ recoveryCode: "12345" });
});

test("a secret is shown in fours and loses nothing", () => {
  expect(inFours("ABCDEFGHIJ")).toBe("ABCD EFGH IJ");
});
