import { expect, test } from "vitest";
import { partsOf, secondsOf, written } from "./parts";

test("a place in a film is read as clocks write it, or in seconds", () => {
  expect(["4:05", "1:02:03", "245", " 0:07 "].map(secondsOf)).toEqual([245, 3723, 245, 7]);
});

test.each(["", "soon", "1:75", "-3", "1:2:3:4", "1.5"])("%s is no place in a film", (text) => {
  expect(secondsOf(text)).toBeUndefined();
});

test("parts stand one a line, and come back as they were written", () => {
  const text = "1:00 – 1:15\n1:02:03 – 1:02:30";
  expect(partsOf(`\n1:00-1:15\n 3723 – 3750 \n`)).toEqual(partsOf(text));
  expect(written(partsOf(text) ?? [])).toBe(text);
  expect(partsOf("")).toEqual([]);
});

test.each(["1:00", "1:15 – 1:00", "1:00 – 1:00", "1:00 – 2:00 – 3:00", "1:00 to 2:00"])("%s is no part", (text) => {
  expect(partsOf(`0:00 – 0:10\n${text}`)).toBeUndefined();
});
