import Papa from "papaparse";
import type { Schemas } from "../../api/client";

type Role = Schemas["Role"];
const ROLES: readonly Role[] = ["member", "host", "manager", "admin"];
/** More than this at once is more than anybody looks through. */
export const MOST_ROWS = 2000;

/** What stands against a row. */
export type Fault = "email" | "name" | "roles" | "zone";

/** Someone to invite, as one line of the file says. */
export interface Row {
  /** Line of the file, counted as editors do. */
  line: number;
  email: string;
  name: string;
  roles: Role[];
  timeZone: string;
  verdict: "new" | "known" | "twice" | "bad";
  faults: Fault[];
}

/** What makes a file unreadable as a whole. */
export type Unreadable = "empty" | "columns" | "broken" | "long";

type Fields = Record<string, string | undefined>;

/** The rows of a CSV file with a first line of names; commas, semicolons and tabs are all seen through. */
export function rowsOf(text: string, zone: string): Row[] | Unreadable {
  const found = Papa.parse<Fields>(text, {
    header: true,
    skipEmptyLines: "greedy",
    transformHeader: (name) => name.trim().toLowerCase().replaceAll(/[^a-z]/g, ""),
  });
  const names = found.meta.fields ?? [];
  if (!names.includes("email") || !names.includes("name")) return names.length > 0 ? "columns" : "empty";
  if (found.errors.some((error) => error.type === "Quotes")) return "broken";
  if (found.data.length === 0) return "empty";
  if (found.data.length > MOST_ROWS) return "long";
  return found.data.map((fields, at) => rowOf(fields, at + 2, zone));
}

function rowOf(fields: Fields, line: number, zone: string): Row {
  const email = (fields["email"] ?? "").trim();
  const name = (fields["name"] ?? "").trim();
  const words = (fields["roles"] ?? fields["role"] ?? "").toLowerCase().split(/[\s;|,+]+/).filter(Boolean);
  const timeZone = (fields["timezone"] ?? fields["zone"] ?? "").trim() || zone;
  const roles = (words.length > 0 ? [...new Set(words)] : ["member"]) as Role[];
  const faults: Fault[] = [
    ...(/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) && email.length <= 254 ? [] : (["email"] as const)),
    ...(name.length >= 1 && name.length <= 100 ? [] : (["name"] as const)),
    ...(roles.every((role) => ROLES.includes(role)) ? [] : (["roles"] as const)),
    ...(isZone(timeZone) ? [] : (["zone"] as const)),
  ];
  return { line, email, name, roles, timeZone, verdict: faults.length > 0 ? "bad" : "new", faults };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Addresses are the same however they are written. */
export const plain = (email: string) => email.trim().toLowerCase();

/** The same rows with who has an account already, and who is named twice; the first of those counts. */
export function judged(rows: readonly Row[], known: ReadonlySet<string>): Row[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    if (row.verdict === "bad") return row;
    const email = plain(row.email);
    const isTwice = seen.has(email);
    seen.add(email);
    return { ...row, verdict: known.has(email) ? "known" : isTwice ? "twice" : "new" };
  });
}
