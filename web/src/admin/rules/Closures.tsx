import { useState } from "react";
import { m } from "../../paraglide/messages";
import { type Closure, closure } from "../../rules/closures";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { type Block, withRule } from "./draft";

interface PartProps {
  draft: Block;
  /** Zone of the machine, for closures that begin and end by the clock. */
  zone: string;
  onChange(next: Block): void;
}

/** As many as the API takes. */
const MOST = 400;

/** Each closure as its sentence, with the way to take it out, and days to add. */
export function Closures({ draft, zone, onChange }: PartProps) {
  const closures = draft.rules.closures ?? [];
  const set = (next: Closure[]) => onChange(withRule(draft, "closures", next.length > 0 ? next : undefined));
  return (
    <div className="grid gap-4">
      {closures.length === 0 && <p className="text-soft">{m.admin_closures_none()}</p>}
      {closures.length > 0 && (
        <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
          {closures.map((one, at) => {
            const sentence = closure(one, zone);
            return (
              <li key={`${at}${sentence}`} className="flex flex-wrap items-center justify-between gap-3 bg-plate p-3">
                <span className="font-semibold">{sentence}</span>
                <Button className="min-h-9! px-3! py-1!" aria-label={m.admin_proof_remove({ proof: sentence })} onPress={() => set(closures.filter((_, place) => place !== at))}>{m.admin_remove()}</Button>
              </li>
            );
          })}
        </ul>
      )}
      <Add isFull={closures.length >= MOST} onAdd={(next) => set([...closures, next])} />
    </div>
  );
}

function Add({ isFull, onAdd }: { isFull: boolean; onAdd(next: Closure): void }) {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const add = () => {
    onAdd({ from, to: to && to > from ? to : from, ...(note.trim() ? { note: note.trim() } : {}) });
    setFrom("");
    setTo("");
    setNote("");
  };
  return (
    <div className="grid items-end gap-4 sm:grid-cols-2 xl:grid-cols-4">
      <TextField label={m.admin_closure_from()} type="date" value={from} onChange={setFrom} />
      <TextField label={m.admin_closure_to()} type="date" value={to} onChange={setTo} />
      <TextField label={m.admin_closure_note()} value={note} maxLength={200} onChange={setNote} />
      <Button className="justify-self-start" isDisabled={isFull || from === ""} onPress={add}>{m.admin_closure_add()}</Button>
    </div>
  );
}
