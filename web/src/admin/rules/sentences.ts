import type { Schemas } from "../../api/client";
import { dialect } from "../../lib/dialect";
import { m } from "../../paraglide/messages";
import { getLocale } from "../../paraglide/runtime";
import { lossOf, type Loss, type Policy, type Requirement } from "./draft";

type Rules = Partial<Schemas["PolicyRules"]>;
/** A value, or one by who asks. */
type Varied<T> = T | { base?: T; groups?: unknown[]; levels?: unknown[] };

/** What ids stand for. */
export interface Names {
  module(id: string): string;
  place(id: string): string;
}

/** A requirement as people say it. */
export function proof(one: Requirement, names: Names): string {
  switch (one.kind) {
    case "training":
      return joined(m.admin_rule_training({ title: names.module(one.moduleId), percent: one.minimumPercent }), [
        one.validForDays ? m.admin_rule_within({ days: one.validForDays }) : undefined,
      ]);
    case "checkout":
      return joined(scope(one.scope, names), [
        one.minimumLevel ? m.admin_rule_level({ level: one.minimumLevel }) : undefined,
        one.validForDays ? m.admin_rule_within({ days: one.validForDays }) : undefined,
        one.lapsesAfterDaysUnused ? m.admin_rule_unused({ days: one.lapsesAfterDaysUnused }) : undefined,
      ]);
    case "membership":
      return one.graceDays ? m.admin_rule_membership_grace({ days: one.graceDays }) : m.admin_rule_membership();
    case "document":
      return m.admin_rule_document({ document: one.document, version: one.version });
    case "all":
      return m.admin_rule_all({ list: one.of.map((part) => proof(part, names)).join("; ") });
    case "any":
      return m.admin_rule_any({ list: one.of.map((part) => proof(part, names)).join("; ") });
  }
}

function scope(of: Schemas["PolicyCheckoutOf"], names: Names): string {
  if (of === "machine") return m.admin_rule_checkout();
  if (of === "category") return m.admin_rule_checkout_category();
  return m.admin_rule_checkout_other({ name: names.place(of.otherMachine) });
}

function joined(first: string, rest: readonly (string | undefined)[]): string {
  return [first, ...rest.filter((part) => part !== undefined)].join(", ");
}

/** Every limit as people say it, the ones that are not set left out. */
export function limits(policy: Policy): string[] {
  const rules: Rules = policy.rules;
  const told = [...ofTime(rules), ...ofLength(rules), ...ofPerson(rules), ...ofUse(rules)];
  return [
    ...told.filter((sentence) => sentence !== undefined),
    m.admin_rule_lost_person({ becomes: becomes(policy, "person") }),
    m.admin_rule_lost_machine({ becomes: becomes(policy, "resource") }),
  ];
}

type Told = (string | undefined)[];

function ofTime(rules: Rules): Told {
  const { notice, closures = [] } = rules;
  return [
    ...hours(rules.openingHours),
    closures.length > 0 ? m.admin_rule_closures({ count: closures.length }) : undefined,
    number(rules.horizonDays, (days) => m.admin_rule_horizon({ days })),
    number(notice?.createMinutes, (count) => m.admin_rule_notice_create({ time: span(count) })),
    number(notice?.changeMinutes, (count) => m.admin_rule_notice_change({ time: span(count) })),
    number(notice?.cancelMinutes, (count) => m.admin_rule_notice_cancel({ time: span(count) })),
    number(rules.freeEditMinutes, (count) => m.admin_rule_free_edit({ time: span(count) })),
  ];
}

function ofLength({ duration, gridMinutes }: Rules): Told {
  return [
    number(duration?.minimumMinutes, (count) => m.admin_rule_shortest({ time: span(count) })),
    number(duration?.maximumMinutes, (count) => m.admin_rule_longest({ time: span(count) })),
    number(duration?.stepMinutes, (count) => m.admin_rule_step({ time: span(count) })),
    number(gridMinutes, (count) => m.admin_rule_grid({ time: span(count) })),
  ];
}

function ofPerson(rules: Rules): Told {
  const approval = rules.needsApproval as Varied<Schemas["PolicyApprovalRule"] | null> | undefined;
  return [
    number(rules.openCap, (count) => m.admin_rule_open({ count })),
    ...(rules.quotas ?? []).map(quota),
    number(rules.minimumGapMinutes, (count) => m.admin_rule_gap({ time: span(count) })),
    rules.noChaining ? m.admin_rule_chaining() : undefined,
    rules.allowParallel ? m.admin_rule_parallel() : m.admin_rule_no_parallel(),
    approval ? m.admin_rule_approval() : undefined,
    rules.firstTimeOnly ? m.admin_rule_first_time() : undefined,
    rules.strikes ? m.admin_rule_strikes({ points: rules.strikes.noShowPoints, days: rules.strikes.decayDays }) : undefined,
  ];
}

function ofUse(rules: Rules): Told {
  return [
    number(rules.minimumPresent, (count) => m.admin_rule_present({ count })),
    rules.walkIn ? m.admin_rule_walk_in() : undefined,
    rules.offPeak ? m.admin_rule_off_peak() : undefined,
  ];
}

function quota(one: Schemas["PolicyQuota"]): string {
  const period = typeof one.per === "string" ? PERIODS[one.per]() : m.admin_rule_per_sliding({ days: one.per.sliding_days });
  const say = one.measure === "minutes" ? m.admin_rule_quota_minutes : m.admin_rule_quota;
  return number(one.limit, (count) => say({ count, period })) ?? say({ count: 0, period });
}

const PERIODS = {
  day: m.admin_rule_per_day,
  week: m.admin_rule_per_week,
  month: m.admin_rule_per_month,
  year: m.admin_rule_per_year,
} as const;

/** A number that is set; one that differs by who asks is told by its base. */
function number(value: Varied<number | null> | undefined, say: (count: number) => string): string | undefined {
  if (typeof value === "number") return value > 0 ? say(value) : undefined;
  if (!value) return undefined;
  return `${value.base ? say(value.base) : m.admin_rule_no_base()} ${m.admin_rule_varied()}`;
}

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

function hours(value: Rules["openingHours"]): string[] {
  if (!value) return [];
  if ("base" in value || "groups" in value || "levels" in value) return [m.admin_rule_hours_varied()];
  const week = value as Schemas["PolicyOpeningHours"];
  const texts = DAYS.map((day) => (week[day] ?? []).map((part) => `${part.opens.slice(0, 5)}–${part.closes.slice(0, 5)}`).join(", "));
  const told: string[] = [];
  for (let first = 0; first < DAYS.length; ) {
    let last = first;
    while (last + 1 < DAYS.length && texts[last + 1] === texts[first]) last += 1;
    const text = texts[first];
    if (text) told.push(m.admin_rule_hours({ days: days(first, last), hours: text }));
    first = last + 1;
  }
  return told;
}

/** Monday to Friday, in the language of the page; the first of January 2024 was a Monday. */
function days(first: number, last: number): string {
  const name = (at: number) =>
    new Intl.DateTimeFormat(dialect(getLocale()), { weekday: "long", timeZone: "UTC" })
      .format(new Date(Date.UTC(2024, 0, 1 + at)));
  return first === last ? name(first) : `${name(first)}–${name(last)}`;
}

/** Minutes in the two largest units. */
export function span(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts.filter(([count]) => count > 0).map((part) => part.join(" ")).join(" ") || "0 min";
}

function becomes(policy: Policy, lost: "person" | "resource"): string {
  const { loss, days: count } = lossOf(policy, lost);
  return lossName(loss, count);
}

/** What becomes of a reservation, in words. */
export function lossName(loss: Loss, count: number): string {
  switch (loss) {
    case "keep":
      return m.admin_loss_keep();
    case "flag":
      return m.admin_loss_flag();
    case "renew_by":
      return m.admin_loss_renew({ days: count });
    case "cancel":
      return m.admin_loss_cancel();
  }
}
