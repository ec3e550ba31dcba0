import type { Schemas } from "../../api/client";

type Finding = Schemas["Finding"];

/** The heads of what `rowOf` answers. */
export const HEAD = [
  "id", "class", "state", "action", "resourceId", "reservationId", "oursStatus", "oursStart", "oursEnd",
  "theirsStatus", "theirsStart", "theirsEnd", "firstSeen", "lastSeen", "count", "resolvedBy", "note",
];

/** A difference as a row of a table; an empty cell for what it does not tell. */
export function rowOf(one: Finding): string[] {
  const { id, action, resourceId = "", reservationId = "", firstSeen, lastSeen, count, resolution } = one;
  return [
    id, one.class, one.state, action, resourceId, reservationId, ...sideOf(one.ours), ...sideOf(one.theirs),
    firstSeen, lastSeen, String(count), resolution?.by ?? "", resolution?.note ?? "",
  ];
}

function sideOf(side: Schemas["FindingSide"] | undefined): string[] {
  return [side?.status ?? "", side?.start ?? "", side?.end ?? ""];
}
