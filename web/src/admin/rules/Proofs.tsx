import { useState } from "react";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Select, TextField } from "../../ui/Field";
import { useModuleTitles } from "../../app/coverage";
import type { Block, Requirement } from "./draft";
import { useRuleNames } from "./policy";
import { proof } from "./sentences";

interface PartProps {
  draft: Block;
  onChange(next: Block): void;
}

/** Each proof as its sentence, with the numbers in it to change, and the way to take it out. */
export function Proofs({ draft, onChange }: PartProps) {
  const set = (requirements: Requirement[]) => onChange({ ...draft, requirements });
  const replace = (at: number, next: Requirement) => set(draft.requirements.map((one, place) => (place === at ? next : one)));
  return (
    <div className="grid gap-4">
      {draft.requirements.length > 0 && (
        <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
          {draft.requirements.map((one, at) => (
            <One
              key={`${at}${one.kind}`}
              one={one}
              onChange={(next) => replace(at, next)}
              onRemove={() => set(draft.requirements.filter((_, place) => place !== at))}
            />
          ))}
        </ul>
      )}
      <Add onAdd={(next) => set([...draft.requirements, next])} />
    </div>
  );
}

function One({ one, onChange, onRemove }: { one: Requirement; onChange(next: Requirement): void; onRemove(): void }) {
  const sentence = proof(one, useRuleNames());
  return (
    <li className="grid gap-3 bg-plate p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="font-semibold">{sentence}</p>
        <Button className="min-h-9! px-3! py-1!" aria-label={m.admin_proof_remove({ proof: sentence })} onPress={onRemove}>{m.admin_remove()}</Button>
      </div>
      <Numbers one={one} onChange={onChange} />
    </li>
  );
}

function Numbers({ one, onChange }: { one: Requirement; onChange(next: Requirement): void }) {
  switch (one.kind) {
    case "training":
      return (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={m.admin_proof_percent()} value={one.minimumPercent} onChange={(value) => onChange({ ...one, minimumPercent: value ?? 1 })} />
          <Field label={m.admin_proof_days()} value={one.validForDays} onChange={(value) => onChange({ ...one, validForDays: value ?? null })} />
        </div>
      );
    case "checkout":
      return (
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={m.admin_proof_level()} value={one.minimumLevel} onChange={(value) => onChange({ ...one, minimumLevel: value ?? null })} />
          <Field label={m.admin_proof_days()} value={one.validForDays} onChange={(value) => onChange({ ...one, validForDays: value ?? null })} />
          <Field label={m.admin_proof_unused()} value={one.lapsesAfterDaysUnused} onChange={(value) => onChange({ ...one, lapsesAfterDaysUnused: value ?? null })} />
        </div>
      );
    case "membership":
      return <Field label={m.admin_proof_grace()} value={one.graceDays} onChange={(value) => onChange({ ...one, graceDays: value ?? 0 })} />;
    case "document":
    case "all":
    case "any":
      return null;
  }
}

interface FieldProps {
  label: string;
  value: number | null | undefined;
  onChange(value: number | undefined): void;
}

function Field({ label, value, onChange }: FieldProps) {
  return (
    <TextField
      label={label}
      type="number"
      inputMode="numeric"
      value={value ? String(value) : ""}
      onChange={(text) => onChange(text === "" ? undefined : Number(text))}
      className="max-w-56"
    />
  );
}

/** A further proof: a training, a checkout, or a membership. */
function Add({ onAdd }: { onAdd(next: Requirement): void }) {
  const titles = useModuleTitles();
  const [kind, setKind] = useState("checkout");
  const options = [
    { id: "checkout", name: m.admin_rule_checkout() },
    { id: "category", name: m.admin_rule_checkout_category() },
    { id: "membership", name: m.admin_rule_membership() },
    ...[...titles].map(([id, title]) => ({ id, name: m.admin_rule_training({ title, percent: 90 }) })),
  ];
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select label={m.admin_proof_new()} value={kind} options={options} onChange={setKind} className="w-full sm:w-96" />
      <Button onPress={() => onAdd(requirement(kind))}>{m.admin_add()}</Button>
    </div>
  );
}

function requirement(kind: string): Requirement {
  switch (kind) {
    case "checkout":
      return { kind, scope: "machine" };
    case "category":
      return { kind: "checkout", scope: "category" };
    case "membership":
      return { kind, graceDays: 0 };
    default:
      return { kind: "training", moduleId: kind, minimumPercent: 90 };
  }
}
