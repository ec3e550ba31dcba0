import type { Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Badge } from "../ui/Guards";

/** What the gate says, in a word. */
export function VerdictBadge({ verdict, count }: { verdict: Schemas["Decision"]; count: number }) {
  switch (verdict) {
    case "permit":
    case "permit_with_conditions":
      return <Badge tone="go">{m.badge_ready()}</Badge>;
    case "needs_approval":
      return <Badge tone="go">{m.badge_approval()}</Badge>;
    case "refuse":
      return <Badge tone="wait">{m.badge_steps({ count })}</Badge>;
  }
}
