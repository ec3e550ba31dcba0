import { type ReactNode, useState } from "react";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { folded, replaced, unfolded, type Varied, withGroup, withLevel } from "./varied";

/** As many groups, and as many levels, as the API takes. */
const MOST = 16;
const SMALL = "min-h-9! px-3! py-1!";

interface ByWhoProps<T> {
  label: string;
  /** As the policy has it, plain or by who asks. */
  value: unknown;
  /** What is said where nothing is. */
  none: T;
  onChange(next: unknown): void;
  /** The field of one value. */
  children(field: { label: string; value: T; set(next: T): void }): ReactNode;
}

/** A value for everybody, and others in its place by group and level where there are any. */
export function ByWho<T>({ label, value, none, onChange, children }: ByWhoProps<T>) {
  const whole = unfolded(value, none);
  const differs = whole.groups.length > 0 || whole.levels.length > 0;
  const [isOpen, setOpen] = useState(false);
  const change = (next: Varied<T>) => onChange(folded(next, none));
  const field = children({ label, value: whole.base, set: (base) => change({ ...whole, base }) });
  if (!differs && !isOpen) {
    return (
      <div className="grid content-start gap-1.5">
        {field}
        <Button look="bare" className="min-h-9! justify-self-start px-0! text-note" aria-label={m.admin_who_of({ limit: label })} onPress={() => setOpen(true)}>
          {m.admin_who()}
        </Button>
      </div>
    );
  }
  const add = (what: string, isFull: boolean, next: () => Varied<T>) => (
    <Button className={SMALL} aria-label={m.admin_who_add({ what, limit: label })} isDisabled={isFull} onPress={() => change(next())}>{what}</Button>
  );
  return (
    <fieldset className="col-span-full grid gap-4 border-s-3 border-line ps-4">
      <legend className="sr-only">{m.admin_who_of({ limit: label })}</legend>
      {field}
      <p className="max-w-prose text-note text-soft">{m.admin_who_text()}</p>
      <Groups label={label} whole={whole} onChange={change}>{children}</Groups>
      <Levels label={label} whole={whole} onChange={change}>{children}</Levels>
      <div className="flex flex-wrap gap-3">
        {add(m.admin_who_group(), whole.groups.length >= MOST, () => withGroup(whole))}
        {add(m.admin_who_level(), whole.levels.length >= MOST, () => withLevel(whole))}
      </div>
    </fieldset>
  );
}

interface PartProps<T> extends Pick<ByWhoProps<T>, "label" | "children"> {
  whole: Varied<T>;
  onChange(next: Varied<T>): void;
}

function Groups<T>({ label, whole, onChange, children }: PartProps<T>) {
  return whole.groups.map((one, at) => {
    const set = (next: typeof one | undefined) => onChange({ ...whole, groups: replaced(whole.groups, at, next) });
    const name = m.admin_who_value_group({ limit: label, group: one.group || String(at + 1) });
    return (
      <Row key={at} label={name} onRemove={() => set(undefined)}>
        <TextField label={m.admin_who_group_name()} value={one.group} maxLength={64} onChange={(group) => set({ ...one, group })} isRequired />
        {children({ label: name, value: one.value, set: (value) => set({ ...one, value }) })}
      </Row>
    );
  });
}

function Levels<T>({ label, whole, onChange, children }: PartProps<T>) {
  return whole.levels.map((one, at) => {
    const set = (next: typeof one | undefined) => onChange({ ...whole, levels: replaced(whole.levels, at, next) });
    const name = m.admin_who_value_level({ limit: label, level: one.from });
    const setFrom = (text: string) => set({ ...one, from: Math.max(1, Math.floor(Number(text)) || 1) });
    return (
      <Row key={at} label={name} onRemove={() => set(undefined)}>
        <TextField label={m.admin_who_level_from()} type="number" inputMode="numeric" value={String(one.from)} onChange={setFrom} />
        {children({ label: name, value: one.value, set: (value) => set({ ...one, value }) })}
      </Row>
    );
  });
}

function Row({ label, onRemove, children }: { label: string; onRemove(): void; children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="grid items-end gap-3 sm:grid-cols-[10rem_1fr_auto]">
      {children}
      <Button className={`${SMALL} justify-self-start`} aria-label={m.admin_proof_remove({ proof: label })} onPress={onRemove}>{m.admin_remove()}</Button>
    </div>
  );
}
