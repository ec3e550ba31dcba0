import { api, type Schemas } from "../../api/client";
import { readAll } from "../parts/pages";
import { plain, type Row } from "./rows";

type User = Schemas["User"];
const PAGE = 100;
const PAGES = 10;

/** Addresses out of `rows` that have an account: one look at all accounts, or one for each address where those are too many. */
export async function knownOf(rows: readonly Row[], onProgress: (done: number, of: number) => void): Promise<Set<string>> {
  const people = await readAll<User>(
    async (from) => (await api.GET("/api/users", { params: { query: { limit: PAGE, ...from } } })).data,
    { most: PAGES },
  );
  const known = new Set(people.map(({ email }) => plain(email)));
  if (people.length < PAGE * PAGES) return known;
  const open = rows.filter((row) => row.verdict !== "bad" && !known.has(plain(row.email)));
  for (const [at, { email }] of open.entries()) {
    onProgress(at, open.length);
    const found = await api.GET("/api/users", { params: { query: { email } } });
    if (found.data && found.data.items.length > 0) known.add(plain(email));
  }
  return known;
}
