import { m } from "../paraglide/messages";

const CAUSES: Record<string, () => string> = {
  holder: m.cause_holder,
  staff: m.cause_staff,
  eligibility: m.cause_eligibility,
  external: m.cause_external,
  conflict: m.cause_conflict,
  slot_taken: m.cause_slot_taken,
  refused: m.cause_refused,
  unreachable: m.cause_unreachable,
  never_made: m.cause_never_made,
  expired: m.cause_expired,
  declined: m.cause_declined,
  not_accepted: m.cause_not_accepted,
};

/** By whom or why a reservation ended, in words; nothing for a word that is newer than this page. */
export function causeName(cause: string | undefined): string | undefined {
  return cause === undefined ? undefined : CAUSES[cause]?.();
}

const ACTORS: Record<string, () => string> = { user: m.by_user, calCom: m.by_calcom, system: m.by_system };

/** Whose act it was, in a word; nothing for one that is newer than this page. */
export function actorName(kind: string): string | undefined {
  return ACTORS[kind]?.();
}
