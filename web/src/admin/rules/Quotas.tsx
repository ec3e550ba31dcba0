import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Select, TextField } from "../../ui/Field";
import { type Quota, quota, type Scope } from "../../rules/quota";
import type { Week } from "../../rules/week";
import { ByWho } from "./ByWho";
import type { Block } from "./draft";
import { NEW, type Period, periodOf, withPeriod, withQuotas } from "./quota";
import { Hours } from "./WeekHours";

interface PartProps {
  draft: Block;
  onChange(next: Block): void;
}

/** As many as the API takes. */
const MOST = 32;

/** Each quota as its sentence, with what it says to change, and the way to take it out. */
export function Quotas({ draft, onChange }: PartProps) {
  const quotas = draft.rules.quotas ?? [];
  const set = (next: Quota[]) => onChange(withQuotas(draft, next));
  return (
    <div className="grid gap-4">
      {quotas.length === 0 && <p className="text-soft">{m.admin_quotas_none()}</p>}
      {quotas.length > 0 && (
        <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
          {quotas.map((one, at) => (
            <One
              key={at}
              one={one}
              onChange={(next) => set(quotas.map((old, place) => (place === at ? next : old)))}
              onRemove={() => set(quotas.filter((_, place) => place !== at))}
            />
          ))}
        </ul>
      )}
      <Button className="justify-self-start" isDisabled={quotas.length >= MOST} onPress={() => set([...quotas, NEW])}>
        {m.admin_quota_add()}
      </Button>
    </div>
  );
}

interface OneProps {
  one: Quota;
  onChange(next: Quota): void;
  onRemove(): void;
}

function One({ one, onChange, onRemove }: OneProps) {
  const sentence = quota(one);
  return (
    <li className="grid gap-4 bg-plate p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="font-semibold">{sentence}</p>
        <Button className="min-h-9! px-3! py-1!" aria-label={m.admin_proof_remove({ proof: sentence })} onPress={onRemove}>{m.admin_remove()}</Button>
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-4">
        <Limit one={one} onChange={onChange} />
        <Select
          label={m.admin_quota_of()}
          value={one.measure}
          options={[{ id: "count", name: m.admin_reservations() }, { id: "minutes", name: m.admin_quota_minutes() }]}
          onChange={(id) => onChange({ ...one, measure: id as Quota["measure"] })}
        />
        <Stretch one={one} onChange={onChange} />
        <Select
          label={m.admin_quota_on()}
          value={one.scope ?? "resource"}
          options={SCOPES.map(([id, name]) => ({ id, name: name() }))}
          onChange={(id) => onChange({ ...one, scope: id as Scope })}
        />
      </div>
      <div className="flex flex-wrap gap-x-6">
        <Check label={m.admin_quota_past()} isSelected={one.completedCount !== false} onChange={(on) => onChange({ ...one, completedCount: on })} />
        <Check label={m.admin_quota_late_too()} isSelected={one.lateCancelsCount === true} onChange={(on) => onChange({ ...one, lateCancelsCount: on })} />
      </div>
      <Within one={one} onChange={onChange} />
    </li>
  );
}

const SCOPES: readonly (readonly [Scope, () => string])[] = [
  ["resource", m.admin_quota_on_this],
  ["category", m.admin_quota_on_category],
  ["all", m.admin_quota_on_all],
  ["event_type", m.admin_quota_on_kind],
];

type FieldProps = Pick<OneProps, "one" | "onChange">;

function Limit({ one, onChange }: FieldProps) {
  return (
    <ByWho<number | null> label={m.admin_quota_most()} value={one.limit} none={null} onChange={(limit) => onChange({ ...one, limit: (limit ?? 0) as Quota["limit"] })}>
      {({ label, value, set }) => (
        <TextField label={label} type="number" inputMode="numeric" value={String(value ?? 0)} onChange={(text) => set(wholeOf(text, 0))} />
      )}
    </ByWho>
  );
}

function Within({ one, onChange }: FieldProps) {
  const set = (hours: Week | null) => {
    const { hours: _, ...rest } = one;
    onChange(hours ? { ...rest, hours } : rest);
  };
  return <Hours check={m.admin_quota_hours_some()} label={m.admin_quota_hours_some()} value={one.hours ?? null} onChange={set} />;
}

const PERIODS: readonly (readonly [Period, () => string])[] = [
  ["day", m.admin_rule_per_day],
  ["week", m.admin_rule_per_week],
  ["month", m.admin_rule_per_month],
  ["year", m.admin_rule_per_year],
  ["sliding", m.admin_quota_per_sliding],
];

function Stretch({ one, onChange }: FieldProps) {
  const { period, days } = periodOf(one);
  return (
    <>
      <Select
        label={m.admin_quota_per()}
        value={period}
        options={PERIODS.map(([id, name]) => ({ id, name: name() }))}
        onChange={(id) => onChange(withPeriod(one, id as Period, days))}
      />
      {period === "sliding" && (
        <TextField
          label={m.admin_quota_days()}
          type="number"
          inputMode="numeric"
          value={String(days)}
          onChange={(text) => onChange(withPeriod(one, period, wholeOf(text, 1)))}
        />
      )}
    </>
  );
}

/** A whole number that was typed, and never less than `least`. */
function wholeOf(text: string, least: number): number {
  return Math.max(least, Math.floor(Number(text)) || 0);
}
