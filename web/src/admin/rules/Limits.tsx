import { m } from "../../paraglide/messages";
import { Select, TextField } from "../../ui/Field";
import { type Block, LIMITS, type Limit, type Loss, limitOf, lossOf, type Lost, VARIED, withLimit, withLoss } from "./draft";
import { lossName } from "./sentences";

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
};

/** Limits of one number each; an empty field is no limit. */
export function Numbers({ draft, onChange }: PartProps) {
  return (
    <div className="grid items-end gap-5 sm:grid-cols-2 xl:grid-cols-3">
      {LIMITS.map((limit) => <Number key={limit.join(".")} limit={limit} draft={draft} onChange={onChange} />)}
    </div>
  );
}

/** The same of the policy itself, which alone says what becomes of what is lost. */
export function Limits({ draft, onChange }: PartProps) {
  return (
    <>
      <Numbers draft={draft} onChange={onChange} />
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
  if (value === VARIED) {
    return (
      <div className="grid content-start gap-1.5">
        <p className="font-semibold">{label}</p>
        <p className="text-note text-soft">{m.admin_limit_varied()}</p>
      </div>
    );
  }
  return (
    <TextField
      label={label}
      type="number"
      inputMode="numeric"
      value={value === undefined ? "" : String(value)}
      onChange={(text) => onChange(withLimit(draft, limit, text === "" ? undefined : globalThis.Number(text)))}
    />
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
