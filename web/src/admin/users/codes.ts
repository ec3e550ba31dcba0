import { m } from "../../paraglide/messages";

/** What staff may let somebody past, by its code of docs/REASONS.md; the API has the last word. */
const NAMES: Record<string, () => string> = {
  training_incomplete: m.code_training_incomplete,
  training_expired: m.code_training_expired,
  checkout_missing: m.code_checkout_missing,
  checkout_level: m.code_checkout_level,
  checkout_expired: m.code_checkout_expired,
  membership_missing: m.code_membership_missing,
  membership_expired: m.code_membership_expired,
  first_time_only: m.code_first_time_only,
  approval_needed: m.code_approval_needed,
  hours_closed: m.code_hours_closed,
  hours_closure: m.code_hours_closure,
  duration_too_short: m.code_duration_too_short,
  duration_too_long: m.code_duration_too_long,
  notice_create: m.code_notice_create,
  notice_change: m.code_notice_change,
  notice_cancel: m.code_notice_cancel,
  horizon_exceeded: m.code_horizon_exceeded,
  quota_open_reservations: m.code_quota_open_reservations,
  quota_exceeded: m.code_quota_exceeded,
  strikes_limit: m.code_strikes_limit,
  reservation_gap_short: m.code_reservation_gap_short,
  reservation_chained: m.code_reservation_chained,
  reservation_uncovered: m.code_reservation_uncovered,
  reservation_needed: m.code_reservation_needed,
};

/** What nobody is let past. */
const FIRM: Record<string, () => string> = {
  account_banned: m.code_account_banned,
  account_suspended: m.code_account_suspended,
  document_missing: m.code_document_missing,
  duration_not_offered: m.code_duration_not_offered,
  duration_off_step: m.code_duration_off_step,
  grid_off: m.code_grid_off,
  machine_inactive: m.code_machine_inactive,
  machine_mapping_broken: m.code_machine_mapping_broken,
  machine_outage: m.code_machine_outage,
  presence_missing: m.code_presence_missing,
  reservation_missing: m.code_reservation_missing,
  reservation_parallel: m.code_reservation_parallel,
  start_in_past: m.code_start_in_past,
};

export const OVERRIDABLE: readonly string[] = Object.keys(NAMES);

/** A reason in a few words; one that is not known here stands for itself. */
export function codeName(code: string): string {
  return (NAMES[code] ?? FIRM[code])?.() ?? code;
}
