import type { Schemas } from "../../api/client";

export type Sign = "go" | "wait" | "stop";

/** Runs begin every five minutes and every night; a day and two hours without one is a fault. */
const LATE_MS = 15 * 60_000;
const GONE_MS = 26 * 3_600_000;

/** What the last run says of the calendar and of the schedule that starts runs. */
export function signOfRun(run: Pick<Schemas["Run"], "state" | "startedAt" | "failure"> | undefined, now: number): Sign {
  if (!run) return "wait";
  const age = now - Date.parse(run.startedAt);
  if (run.failure !== undefined || age > GONE_MS) return "stop";
  return age > LATE_MS ? "wait" : "go";
}

/** Seconds the oldest delivery has been waiting for its end. */
export function oldestWait(events: readonly Pick<Schemas["WebhookEvent"], "lastReceivedAt">[], now: number): number {
  return Math.max(0, ...events.map((event) => (now - Date.parse(event.lastReceivedAt)) / 1000));
}

/** What Cal.com says of itself as a whole. */
export function signOfCalcom(status: Schemas["CalcomHealth"]["status"] | undefined): Sign {
  switch (status) {
    case "ok":
      return "go";
    case "down":
      return "stop";
    case "degraded":
    case undefined:
      return "wait";
  }
}
