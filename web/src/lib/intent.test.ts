import { expect, test } from "vitest";
import { Intent } from "./intent";

function counting(): Intent {
  let made = 0;
  return new Intent(() => `key-${++made}`);
}

test("a retry of the same wish carries the same key", () => {
  const intent = counting();
  expect(intent.keyFor("monday 9:00")).toBe(intent.keyFor("monday 9:00"));
});

test("another wish gets another key", () => {
  const intent = counting();
  expect(intent.keyFor("monday 9:00")).not.toBe(intent.keyFor("monday 10:00"));
});

test("the same wish after a settled one is a new wish", () => {
  const intent = counting();
  const first = intent.keyFor("monday 9:00");
  intent.settle();
  expect(intent.keyFor("monday 9:00")).not.toBe(first);
});
