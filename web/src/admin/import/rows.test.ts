import { expect, test } from "vitest";
import { judged, MOST_ROWS, rowsOf } from "./rows";

const read = (text: string) => {
  const rows = rowsOf(text, "Europe/Berlin");
  if (typeof rows === "string") throw new Error(rows);
  return rows;
};

test("a file says who, and what it does not say is as usual", () => {
  const [row] = read("\uFEFFE-Mail,Name\nnina@demo.test, Nina \n");
  expect(row).toEqual({
    line: 2, email: "nina@demo.test", name: "Nina", roles: ["member"], timeZone: "Europe/Berlin", verdict: "new", faults: [],
  });
});

test("semicolons and quotes are seen through, and roles stand beside each other", () => {
  const [row] = read('email;name;roles;time zone\n"o@demo.test";"Otto; the other";member host;Asia/Kolkata\n');
  expect(row).toMatchObject({ name: "Otto; the other", roles: ["member", "host"], timeZone: "Asia/Kolkata", verdict: "new" });
});

test("each thing that is wrong with a row is named, at its line", () => {
  const rows = read("email,name,roles,timezone\na@b.co,A,,\nno address,,boss,Mars/Sea\n");
  expect(rows[1]).toMatchObject({ line: 3, verdict: "bad", faults: ["email", "name", "roles", "zone"] });
});

test("who has an account and who is named twice is told, however the address is written", () => {
  const rows = read("email,name\nA@demo.test,A\na@Demo.test,A again\nmax@demo.test,Max\nbad,Bad\n");
  const verdicts = judged(rows, new Set(["max@demo.test"])).map((row) => row.verdict);
  expect(verdicts).toEqual(["new", "twice", "known", "bad"]);
});

test.each([
  ["", "empty"],
  ["email,name\n", "empty"],
  ["address;who\na;b\n", "columns"],
  ['email,name\n"a@b.co,A\n', "broken"],
  [`email,name\n${"a@b.co,A\n".repeat(MOST_ROWS + 1)}`, "long"],
])("file %# cannot be read as a whole", (text, why) => {
  expect(rowsOf(text, "Europe/Berlin")).toBe(why);
});
