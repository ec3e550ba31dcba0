import { m } from "../../paraglide/messages";

export const CLASSES = [
  "cancelled_at_calcom", "moved_at_calcom", "outcome_settled", "orphan", "external", "forgotten",
  "conflict", "missing", "mapping_broken",
] as const;

const NAMES: Record<string, () => string> = {
  cancelled_at_calcom: m.admin_class_cancelled,
  moved_at_calcom: m.admin_class_moved,
  outcome_settled: m.admin_class_settled,
  orphan: m.admin_class_orphan,
  external: m.admin_class_external,
  forgotten: m.admin_class_forgotten,
  conflict: m.admin_class_conflict,
  missing: m.admin_class_missing,
  mapping_broken: m.admin_class_mapping,
};

/** What kind of difference it is, in words; a kind that is newer than this page by its own word. */
export function className(name: string): string {
  return NAMES[name]?.() ?? name;
}
