import { expect, test } from "vitest";
import { few } from "./few";

/** Something that runs until it is told to end, and how many ran at once. */
function counting(most: number) {
  const run = few(most);
  const ends: (() => void)[] = [];
  let [now, peak] = [0, 0];
  const begin = (fails = false) =>
    run(async () => {
      now += 1;
      peak = Math.max(peak, now);
      await new Promise<void>((end) => ends.push(end));
      now -= 1;
      if (fails) throw new Error("refused");
    });
  const end = async () => {
    ends.shift()?.();
    await new Promise((turn) => setTimeout(turn));
  };
  return { begin, end, peak: () => peak, begun: () => ends.length };
}

test("no more than a few run at a time, and each has its turn", async () => {
  const asked = counting(2);
  const all = [1, 2, 3, 4, 5].map(() => asked.begin());
  for (let ended = 0; ended < 5; ended += 1) await asked.end();
  await Promise.all(all);
  expect(asked.peak()).toBe(2);
});

test("what fails gives its place to the next", async () => {
  const asked = counting(1);
  const first = expect(asked.begin(true)).rejects.toThrow("refused");
  const second = asked.begin();
  await asked.end();
  await first;
  expect(asked.begun()).toBe(1);
  await asked.end();
  await second;
});
