import type { Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { byWho, number, type Varied } from "./phrases";
import { type Quota, quota } from "./quota";
import { stretches, type Week } from "./week";

type Rules = Schemas["PolicyRules"];

/** Limits of a policy, or what a member is shown of them; what is absent limits nothing. */
export type Limits = Partial<Omit<Rules, "notice" | "duration" | "quotas">> & {
  notice?: Partial<Rules["notice"]>;
  duration?: Partial<Rules["duration"]>;
  quotas?: readonly Quota[];
};

/** What machines and hosts are called. */
export type NameOf = (id: string) => string;

/** Every limit as people say it, the ones that are not set left out. */
export function limitsOf(rules: Limits, nameOf: NameOf): string[] {
  return [...whenOpen(rules), ...besideHours(rules, parallel(rules), nameOf)];
}

/** What an event type is limited by beside the policy; what it does not say stays as the policy has it. */
export function limitsBeside(rules: Limits, nameOf: NameOf): string[] {
  const together = typeof rules.allowParallel === "boolean" ? parallel(rules) : undefined;
  return [...whenOpen(rules), ...besideHours(rules, together, nameOf)];
}

/** Limits without the hours, for where those are told apart; `together` is the one of two at one time. */
export function besideHours(rules: Limits, together: string | undefined, nameOf: NameOf): string[] {
  const told = [...ofTime(rules), ...ofLength(rules), ...ofPerson(rules), together, ...ofUse(rules), ...ofPlaces(rules, nameOf)];
  return told.filter((sentence) => sentence !== undefined);
}

function whenOpen({ openingHours, closures = [] }: Limits): string[] {
  return [...hours(openingHours), ...(closures.length > 0 ? [m.admin_rule_closures({ count: closures.length })] : [])];
}

/** Whether two at one time are allowed. */
export function parallel({ allowParallel }: Limits): string {
  return allowParallel ? m.admin_rule_parallel() : m.admin_rule_no_parallel();
}

type Told = (string | undefined)[];

function ofTime(rules: Limits): Told {
  const { notice } = rules;
  return [
    number(rules.horizonDays, (days) => m.admin_rule_horizon({ days })),
    number(notice?.createMinutes, (count) => m.admin_rule_notice_create({ time: span(count) })),
    number(notice?.changeMinutes, (count) => m.admin_rule_notice_change({ time: span(count) })),
    number(notice?.cancelMinutes, (count) => m.admin_rule_notice_cancel({ time: span(count) })),
    number(rules.freeEditMinutes, (count) => m.admin_rule_free_edit({ time: span(count) })),
    number(rules.lateCancelMinutes, (count) => m.rule_late({ time: span(count) })),
  ];
}

function ofLength({ duration, gridMinutes }: Limits): Told {
  return [
    number(duration?.minimumMinutes, (count) => m.admin_rule_shortest({ time: span(count) })),
    number(duration?.maximumMinutes, (count) => m.admin_rule_longest({ time: span(count) })),
    number(duration?.stepMinutes, (count) => m.admin_rule_step({ time: span(count) })),
    number(gridMinutes, (count) => m.admin_rule_grid({ time: span(count) })),
  ];
}

function ofPerson(rules: Limits): Told {
  const approval = rules.needsApproval as Varied<Schemas["PolicyApprovalRule"] | null> | undefined;
  return [
    number(rules.openCap, (count) => m.admin_rule_open({ count })),
    ...(rules.quotas ?? []).map(quota),
    number(rules.minimumGapMinutes, (count) => m.admin_rule_gap({ time: span(count) })),
    rules.noChaining ? m.admin_rule_chaining() : undefined,
    approval ? m.admin_rule_approval() : undefined,
    rules.firstTimeOnly ? m.admin_rule_first_time() : undefined,
    rules.strikes ? m.admin_rule_strikes({ points: rules.strikes.noShowPoints, days: rules.strikes.decayDays }) : undefined,
  ];
}

function ofUse(rules: Limits): Told {
  return [
    number(rules.minimumPresent, (count) => m.admin_rule_present({ count })),
    rules.walkIn ? m.admin_rule_walk_in() : undefined,
    rules.offPeak ? m.admin_rule_off_peak() : undefined,
  ];
}

function ofPlaces({ area, contents }: Limits, nameOf: NameOf): Told {
  const inside = area?.startOnly ? m.rule_area_start : m.rule_area;
  const around = contents?.startOnly ? m.rule_contents_start : m.rule_contents;
  return [
    area ? inside({ name: nameOf(area.resourceId) }) : undefined,
    contents ? around({ names: contents.resourceIds.map(nameOf).join(", ") }) : undefined,
  ];
}

/** Opening hours as people say them; nothing where it is always open. */
export function hours(value: Limits["openingHours"]): string[] {
  if (!value) return [];
  if ("base" in value || "groups" in value || "levels" in value) {
    const told = (week: Week | null | undefined) => (week ? open(week).join(", ") : m.admin_rule_always_open());
    return [byWho(value as Varied<Week | null>, told)];
  }
  return open(value as Week);
}

const open = (week: Week): string[] => stretches(week).map((part) => m.admin_rule_hours(part));

/** Minutes in the two largest units. */
export function span(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts.filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ") || "0 min";
}
