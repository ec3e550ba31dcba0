import { expect, test } from "vitest";
import { csv } from "../parts/csv";
import { HEAD, rowOf } from "./rows";

const found = {
  id: "fnd_1", class: "moved_at_calcom", state: "resolved", action: "none", runId: "run_1",
  ours: { status: "confirmed", start: "2026-12-01T09:00:00Z", end: "2026-12-01T10:00:00Z" },
  firstSeen: "2026-11-30T02:15:00Z", lastSeen: "2026-11-30T02:20:00Z", count: 2,
  resolution: { by: "usr_root", note: "=HYPERLINK(1)", at: "2026-11-30T08:00:00Z" },
} as const;

test("each head has its cell, also where a side has nothing", () => {
  const cells = Object.fromEntries(HEAD.map((name, at) => [name, rowOf(found)[at]]));
  expect(rowOf(found)).toHaveLength(HEAD.length);
  expect(cells).toMatchObject({
    class: "moved_at_calcom", oursStart: "2026-12-01T09:00:00Z", theirsStatus: "", theirsEnd: "", count: "2",
    resolvedBy: "usr_root", resourceId: "",
  });
});

test("a note that a spreadsheet would calculate is a text in the file", () => {
  expect(csv([rowOf(found)])).toContain(",'=HYPERLINK(1)");
});
