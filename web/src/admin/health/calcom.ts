import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";

type Health = Schemas["CalcomHealth"];
type Code = Schemas["CalcomFinding"]["code"];
type PartName = Health["checks"][number]["name"];

/** Something about which there is something to be said. */
export type AtFault =
  | { kind: "part"; name: PartName; code: Code }
  | { kind: "account" | "call"; name: string; code: Code };

/** Words that lead nobody to a fault: all is well, or something else is to be mended first. */
const QUIET: readonly Code[] = ["ok", "not_judged", "not_needed"];

/** Words that accounts and the licence tell already; of calls they would be told over and over. */
const OF_ACCOUNTS: readonly Code[] = ["mode_none", "no_account"];

/** What is to be looked at: parts first, then accounts by the machines on them, then calls that are needed. */
export function atFault(health: Pick<Health, "checks" | "accounts" | "capabilities">): AtFault[] {
  const found: AtFault[] = [
    ...health.checks.map(({ name, code }) => ({ kind: "part" as const, name, code })),
    ...health.accounts.map(({ resourceIds, code }) => ({ kind: "account" as const, name: resourceIds.join(", "), code })),
    ...health.capabilities.filter(({ required }) => required).map(({ name, code }) => ({ kind: "call" as const, name, code })),
  ];
  return found.filter(({ kind, code }) => !QUIET.includes(code) && !(kind === "call" && OF_ACCOUNTS.includes(code)));
}

export function nameOf(found: AtFault): string {
  switch (found.kind) {
    case "part":
      return PARTS[found.name]();
    case "account":
      return found.name;
    case "call":
      return m.admin_calcom_call({ name: found.name });
  }
}

const PARTS: Record<PartName, () => string> = {
  network: m.admin_calcom_part_network,
  service: m.admin_calcom_part_service,
  redis: m.admin_calcom_part_redis,
  version_header: m.admin_calcom_part_version,
  database: m.admin_calcom_part_database,
  licence: m.admin_calcom_part_licence,
};

/** What is wrong and what to do, in a sentence. */
export function sentenceOf(code: Code): string {
  return SENTENCES[code]();
}

const SENTENCES: Record<Code, () => string> = {
  ok: m.admin_calcom_ok,
  no_address: m.admin_calcom_no_address,
  name_unknown: m.admin_calcom_name_unknown,
  unreachable: m.admin_calcom_unreachable,
  certificate_refused: m.admin_calcom_certificate_refused,
  silent: m.admin_calcom_silent,
  foreign: m.admin_calcom_foreign,
  throttled: m.admin_calcom_throttled,
  redis_down: m.admin_calcom_redis_down,
  version_ignored: m.admin_calcom_version_ignored,
  database_down: m.admin_calcom_database_down,
  licence_missing: m.admin_calcom_licence_missing,
  licence_service: m.admin_calcom_licence_service,
  key_unknown: m.admin_calcom_key_unknown,
  key_expired: m.admin_calcom_key_expired,
  key_refused: m.admin_calcom_key_refused,
  unexpected: m.admin_calcom_unexpected,
  mode_none: m.admin_calcom_mode_none,
  no_account: m.admin_calcom_no_account,
  credential_missing: m.admin_calcom_credential_missing,
  secrets_unavailable: m.admin_calcom_secrets_unavailable,
  no_room: m.admin_calcom_no_room,
  no_time: m.admin_calcom_no_time,
  not_judged: m.admin_calcom_not_judged,
  absent: m.admin_calcom_absent,
  not_needed: m.admin_calcom_not_judged,
};
