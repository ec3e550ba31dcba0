import type { Schemas } from "../../api/client";
import { span } from "../../lib/time";

export type Part = Schemas["Gap"];

/** Seconds of `4:05`, `1:02:03` or `245`; nothing where it is none of them. */
export function secondsOf(text: string): number | undefined {
  const found = text.trim();
  if (!/^\d+(:[0-5]?\d){0,2}$/.test(found)) return undefined;
  return found.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** One part a line, as `1:00 – 1:15`; nothing where a line is none. */
export function partsOf(text: string): Part[] | undefined {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const parts = lines.map((line) => {
    const [from, to, ...rest] = line.split(/\s*[-–]\s*/).map(secondsOf);
    return from !== undefined && to !== undefined && from < to && rest.length === 0 ? { from, to } : undefined;
  });
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

/** The same parts as they are written. */
export function written(parts: readonly Part[]): string {
  return parts.map(({ from, to }) => `${span(from)} – ${span(to)}`).join("\n");
}
