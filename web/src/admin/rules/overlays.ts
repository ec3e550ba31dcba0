import type { Schemas } from "../../api/client";
import type { Block, Policy } from "./draft";

export type Overlay = Schemas["PolicyOverlay"];

/** What an event type asks beside the policy, as what the policy itself asks is held. */
export function blockOf({ requirements = [], rules }: Overlay): Block {
  // The type promises rules, and the API leaves them out where there are none.
  return { requirements, rules: rules ?? ({} as Block["rules"]) };
}

/** The policy with something else asked for one event type, or nothing more. */
export function withOverlay(policy: Policy, eventTypeId: number, block: Block | undefined): Policy {
  const { overlays: before = [], ...rest } = policy;
  const next = block && { eventTypeId, ...block };
  const isThere = before.some((one) => one.eventTypeId === eventTypeId);
  const overlays = isThere
    ? before.flatMap((one) => (one.eventTypeId === eventTypeId ? (next ? [next] : []) : [one]))
    : [...before, ...(next ? [next] : [])];
  return overlays.length > 0 ? { ...rest, overlays } : rest;
}
