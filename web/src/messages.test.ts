import { expect, test } from "vitest";
import de from "../messages/de.json";
import en from "../messages/en.json";
import pt from "../messages/pt.json";

const places = (text: unknown) => JSON.stringify(text).match(/\{\w+\}/g)?.toSorted() ?? [];

test.each([["German", de], ["Portuguese", pt]])("%s says everything that English says", (_, other) => {
  expect(Object.keys(other)).toEqual(Object.keys(en));
});

test.each([["German", de], ["Portuguese", pt]])("%s fills in the same values", (_, other) => {
  for (const [key, text] of Object.entries(en)) {
    const told = other[key as keyof typeof other];
    expect(new Set(places(told)), key).toEqual(new Set(places(text)));
  }
});
