import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Badge } from "../../ui/Guards";

type State = Schemas["WebhookEventState"];
export const STATES: readonly State[] = ["waiting", "retrying", "replaying", "applied", "ignored", "quarantined", "dead"];

/** How far a delivery came, in a word. */
export function stateName(state: State): string {
  switch (state) {
    case "waiting":
      return m.admin_delivery_waiting();
    case "retrying":
      return m.admin_delivery_retrying();
    case "replaying":
      return m.admin_delivery_replaying();
    case "applied":
      return m.admin_delivery_applied();
    case "ignored":
      return m.admin_delivery_ignored();
    case "quarantined":
      return m.admin_delivery_quarantined();
    case "dead":
      return m.admin_delivery_dead();
  }
}

const TONES = {
  waiting: "wait", retrying: "wait", replaying: "wait", applied: "go", ignored: "quiet", quarantined: "stop", dead: "stop",
} as const;

export function DeliveryBadge({ state }: { state: State }) {
  return <Badge tone={TONES[state]}>{stateName(state)}</Badge>;
}
