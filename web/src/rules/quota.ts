import type { Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { joined, number } from "./phrases";
import { stretches, type Week } from "./week";

export type Quota = Schemas["PolicyQuota"];
export type Scope = Quota["scope"];

/** A quota as people say it. */
export function quota(one: Quota): string {
  const period = typeof one.per === "string" ? PERIODS[one.per]() : m.admin_rule_per_sliding({ days: one.per.sliding_days });
  const say = one.measure === "minutes" ? m.admin_rule_quota_minutes : m.admin_rule_quota;
  return joined(number(one.limit, (count) => say({ count, period })) ?? say({ count: 0, period }), [
    SCOPES[one.scope ?? "resource"](),
    one.hours ? m.admin_quota_within({ hours: within(one.hours) }) : undefined,
    one.completedCount === false ? m.admin_quota_ahead() : undefined,
    one.lateCancelsCount ? m.admin_quota_late() : undefined,
  ]);
}

const within = (week: Week) => stretches(week).map(({ days, hours }) => `${days} ${hours}`).join(", ");

const PERIODS = {
  day: m.admin_rule_per_day,
  week: m.admin_rule_per_week,
  month: m.admin_rule_per_month,
  year: m.admin_rule_per_year,
} as const;

const SCOPES: Record<Scope, () => string | undefined> = {
  resource: () => undefined,
  category: m.admin_quota_category,
  all: m.admin_quota_all,
  event_type: m.admin_quota_kind,
};
