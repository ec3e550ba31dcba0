import { expect, test } from "vitest";
import { createBody, isOther, isReadable, updateBody, wishOf } from "./wish";

const module = {
  id: "mod_lathe", title: "Lathe", version: 1, durationSeconds: 300, youtubeVideoId: "a1B2c3D4e5F", active: true,
  ignoredTailSeconds: 0, mustSee: [{ from: 60, to: 75 }], prerequisites: ["mod_basics"],
  rules: { completionPercent: 90, longestGapSeconds: 15, maxRate: 1.5, versionGraceDays: 30 }, etag: '"v1"',
};

test("a module that is not touched sends nothing", () => {
  expect(updateBody(module, wishOf(module))).toEqual({});
});

test("only what differs is sent, and what is emptied is taken away", () => {
  const wish = { ...wishOf(module), title: "Lathe, small", mustSee: "", percent: "" };
  expect(updateBody(module, wish)).toEqual({
    title: "Lathe, small",
    mustSee: [],
    rules: { completionPercent: null, longestGapSeconds: 15, maxRate: 1.5, minimumWatchedSeconds: null, versionGraceDays: 30 },
  });
});

test("another film says what changed and how long proofs of the old one stay", () => {
  const wish = { ...wishOf(module), source: "own" as const, length: "5:10" };
  expect(isOther(module, wish)).toBe(true);
  expect(isOther(module, wishOf(module))).toBe(false);
  const sent = updateBody(module, { ...wish, changed: "parts", changedParts: "5:00-5:10", graceDays: "14" });
  expect(sent).toEqual({ youtubeVideoId: null, durationSeconds: 310, changed: [{ from: 300, to: 310 }], graceDays: 14 });
});

test("a new one has the id that is typed, or none", () => {
  const wish = { ...wishOf(undefined), title: "Lathe", length: "5:00" };
  expect(createBody(wish)).not.toHaveProperty("id");
  expect(createBody({ ...wish, id: "mod_lathe" })).toMatchObject({ id: "mod_lathe", durationSeconds: 300, mustSee: [] });
});

test("what cannot be read is not sent", () => {
  const wish = { ...wishOf(undefined), title: "Lathe", length: "5:00" };
  expect(isReadable(wish)).toBe(true);
  expect(isReadable({ ...wish, length: "five" })).toBe(false);
  expect(isReadable({ ...wish, mustSee: "1:00" })).toBe(false);
  expect(isReadable({ ...wish, changed: "parts", changedParts: "x" })).toBe(false);
});
