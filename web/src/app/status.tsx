import type { Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Badge } from "../ui/Guards";

type Status = Schemas["ReservationStatus"];

/** A reservation's state in a word. */
export function StatusBadge({ status }: { status: Status }) {
  switch (status) {
    case "confirmed":
      return <Badge tone="go">{m.status_confirmed()}</Badge>;
    case "completed":
      return <Badge tone="quiet">{m.status_completed()}</Badge>;
    case "awaiting":
      return <Badge tone="wait">{m.status_awaiting()}</Badge>;
    case "pending":
      return <Badge tone="wait">{m.status_pending()}</Badge>;
    case "moving":
      return <Badge tone="wait">{m.status_moving()}</Badge>;
    case "cancelling":
      return <Badge tone="wait">{m.status_cancelling()}</Badge>;
    case "cancelled":
      return <Badge tone="quiet">{m.status_cancelled()}</Badge>;
    case "failed":
      return <Badge tone="stop">{m.status_failed()}</Badge>;
  }
}

/** Whether it is over and nothing of it can be changed. */
export function isEnded(status: Status): boolean {
  return status === "cancelled" || status === "failed" || status === "completed";
}

/** Whether it settles by itself, so that looking again is worth it. */
export function isUnsettled(status: Status): boolean {
  return status === "pending" || status === "moving" || status === "cancelling";
}
