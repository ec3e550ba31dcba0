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

/** Words of Portugal, and its "a fazer" where Brazil says "fazendo". */
const EUROPEAN =
  /palavra-passe|utilizador|ecrã|telemóvel|ficheiro|equipa\b|registo|contacto|facto\b|ligação|demasiad|para si\b|terminar sessão|^A \p{L}+r( …)?$/iu;

test("the Portuguese is Brazil's", () => {
  const said = Object.entries(pt).filter(([, text]) => EUROPEAN.test(String(text)));
  expect(said).toEqual([]);
});
