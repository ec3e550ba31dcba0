import type { Schemas } from "../api/client";

type Status = Schemas["TrainingStatus"];

/** How far somebody has come with a module. */
export type Standing = "completed" | "asked" | "declined" | "expired" | "begun" | "new";

export function standingOf(status: Status | undefined): Standing {
  if (!status) return "new";
  if (status.completed) return "completed";
  if (status.needsConfirmationSince) return "asked";
  if (status.declined) return "declined";
  if (status.completedAt) return "expired";
  return status.coveredSeconds > 0 ? "begun" : "new";
}

/** In how many days a proof that counts at `now` (milliseconds) no longer does; nothing where it stays. */
export function daysLeft(status: Status | undefined, now: number): number | undefined {
  if (!status?.completed || !status.validUntil) return undefined;
  return Math.max(1, Math.ceil((Date.parse(status.validUntil) - now) / 86_400_000));
}

/** Where a watch that was begun goes on, in seconds of the film; nothing where it begins. */
export function resumesAt(status: Status | undefined): number | undefined {
  const from = status?.completed ? undefined : status?.gaps?.[0]?.from;
  return from && from > 0 ? from : undefined;
}
