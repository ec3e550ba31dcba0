import { m } from "../../paraglide/messages";
import type { Week } from "../../rules/week";
import { Check } from "../../ui/Check";
import { Select, TextField } from "../../ui/Field";
import { ByWho } from "./ByWho";
import { type Block, BY_WHO, LIMITS, type Limit, type Loss, limitOf, lossOf, type Lost, withLimit, withLoss, withRule } from "./draft";
import { lossName } from "./sentences";
import { Hours } from "./WeekHours";

interface PartProps {
  draft: Block;
  onChange(next: Block): void;
}

const NAMES: Record<string, () => string> = {
  horizonDays: m.admin_limit_horizon,
  openCap: m.admin_limit_open,
  "notice.createMinutes": m.admin_limit_create,
  "notice.changeMinutes": m.admin_limit_change,
  "notice.cancelMinutes": m.admin_limit_cancel,
  "duration.minimumMinutes": m.admin_limit_shortest,
  "duration.maximumMinutes": m.admin_limit_longest,
  "duration.stepMinutes": m.admin_limit_step,
  gridMinutes: m.admin_limit_grid,
  minimumGapMinutes: m.admin_limit_gap,
  minimumPresent: m.admin_limit_present,
  freeEditMinutes: m.admin_limit_free_edit,
  lateCancelMinutes: m.admin_limit_late,
};

/** Limits of one number each; an empty field is no limit. */
export function Numbers({ draft, onChange }: PartProps) {
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2 xl:grid-cols-3">
      {LIMITS.map((limit) => <Number key={limit.join(".")} limit={limit} draft={draft} onChange={onChange} />)}
    </div>
  );
}

/** The same of the policy itself, which alone says what becomes of what is lost. */
export function Limits({ draft, onChange }: PartProps) {
  return (
    <>
      <Numbers draft={draft} onChange={onChange} />
      <Flags draft={draft} onChange={onChange} />
      <div className="grid gap-5 sm:grid-cols-2">
        <WhenLost lost="person" label={m.admin_lost_person()} draft={draft} onChange={onChange} />
        <WhenLost lost="resource" label={m.admin_lost_machine()} draft={draft} onChange={onChange} />
      </div>
    </>
  );
}

function Number({ limit, draft, onChange }: PartProps & { limit: Limit }) {
  const value = limitOf(draft, limit);
  const key = limit.join(".");
  const label = NAMES[key]?.() ?? key;
  const set = (next: unknown) => onChange(withLimit(draft, limit, next));
  const none = BY_WHO[key];
  if (none === undefined) return <Figure label={label} value={typeof value === "number" ? value : null} onChange={(next) => set(next ?? undefined)} />;
  return (
    <ByWho<number | null> label={label} value={value} none={none} onChange={set}>
      {(field) => <Figure label={field.label} value={field.value === none ? null : field.value} onChange={(next) => field.set(next ?? none)} />}
    </ByWho>
  );
}

/** A number that may be left out. */
export function Figure({ label, value, onChange }: { label: string; value: number | null; onChange(next: number | null): void }) {
  return (
    <TextField
      label={label}
      type="number"
      inputMode="numeric"
      value={value === null ? "" : String(value)}
      onChange={(text) => onChange(text === "" ? null : globalThis.Number(text))}
    />
  );
}

/** What is so or not. */
export function Flags({ draft, onChange }: PartProps) {
  const { noChaining = false, allowParallel, walkIn = false } = draft.rules;
  const set = (name: "noChaining" | "allowParallel" | "walkIn", on: boolean) => onChange(withRule(draft, name, on || undefined));
  return (
    <div className="flex flex-wrap gap-x-6">
      <Check label={m.admin_chaining_off()} isSelected={noChaining} onChange={(on) => set("noChaining", on)} />
      <Check label={m.admin_parallel_on()} isSelected={allowParallel === true} onChange={(on) => set("allowParallel", on)} />
      <Check label={m.admin_walk_in_on()} isSelected={walkIn} onChange={(on) => set("walkIn", on)} />
    </div>
  );
}

const LOSSES: readonly Loss[] = ["keep", "flag", "renew_by", "cancel"];

/** What becomes of reservations ahead when something is lost. */
function WhenLost({ lost, label, draft, onChange }: PartProps & { lost: Lost; label: string }) {
  const { loss, days } = lossOf(draft, lost);
  const set = (next: { loss: Loss; days: number }) => onChange(withLoss(draft, lost, next));
  return (
    <div className="grid content-start gap-3">
      <Select
        label={label}
        value={loss}
        options={LOSSES.map((id) => ({ id, name: lossName(id, days) }))}
        onChange={(id) => set({ loss: id as Loss, days })}
      />
      {loss === "renew_by" && (
        <TextField
          label={m.admin_renew_days()}
          type="number"
          inputMode="numeric"
          value={String(days)}
          onChange={(text) => set({ loss, days: Math.max(1, globalThis.Number(text)) })}
        />
      )}
    </div>
  );
}

/** When it may be used, for everybody or by who asks. */
export function OpenHours({ draft, onChange }: PartProps) {
  return (
    <ByWho<Week | null> label={m.admin_hours()} value={draft.rules.openingHours} none={null} onChange={(next) => onChange(withRule(draft, "openingHours", next))}>
      {({ label, value, set }) => <Hours check={m.admin_hours_some()} label={label} value={value} onChange={set} />}
    </ByWho>
  );
}
