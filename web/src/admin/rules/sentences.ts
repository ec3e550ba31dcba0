import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { limitsOf } from "../../rules/limits";
import { joined } from "../../rules/phrases";
import { lossOf, type Loss, type Policy, type Requirement } from "./draft";

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

/** Every limit as people say it, the ones that are not set left out. */
export function limits(policy: Policy, names: Names): string[] {
  return [
    ...limitsOf(policy.rules, names.place),
    m.admin_rule_lost_person({ becomes: becomes(policy, "person") }),
    m.admin_rule_lost_machine({ becomes: becomes(policy, "resource") }),
  ];
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
