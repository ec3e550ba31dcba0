import { useState } from "react";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { Loading } from "../../ui/Page";
import { Fault, FormDialog } from "../parts/FormDialog";
import { usePlaces } from "../parts/places";
import { useChange } from "./change";

interface ScopeProps {
  user: Schemas["User"];
  onClose(): void;
}

interface Choice {
  id: string;
  name: string;
}

/** What a manager answers for: everything, or the machines, people and categories that are named. */
export function ScopeDialog({ user, onClose }: ScopeProps) {
  const [isLimited, setLimited] = useState(user.scope !== undefined);
  const [machines, setMachines] = useState(user.scope?.machines ?? []);
  const [categories, setCategories] = useState(user.scope?.categories ?? []);
  const places = usePlaces();
  const change = useChange(user, (one) => one.scope, onClose);
  const isReady = !isLimited || machines.length + categories.length > 0;
  return (
    <FormDialog
      title={m.admin_scope_title({ name: user.name })}
      submit={m.admin_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate({ scope: isLimited ? { machines, categories } : null })}
      isPending={change.isPending}
      isReady={isReady}
      error={change.error}
    >
      <Check label={m.admin_scope_all()} isSelected={!isLimited} onChange={(all) => setLimited(!all)} />
      {isLimited && places.isPending && <Loading rows={2} />}
      {isLimited && places.error && <Fault error={places.error} onRetry={() => void places.refetch()} />}
      {isLimited && places.data && (
        <>
          <Choices
            title={m.admin_categories()}
            choices={known(places.data.map(({ category }) => ({ id: category, name: category })), categories)}
            chosen={categories}
            onChange={setCategories}
          />
          <Choices title={m.admin_places()} choices={known(places.data, machines)} chosen={machines} onChange={setMachines} />
        </>
      )}
    </FormDialog>
  );
}

/** Each choice once; what is chosen already can be taken out even where it is gone. */
function known(choices: readonly Choice[], chosen: readonly string[]): Choice[] {
  const all = new Map([...chosen.map((id) => ({ id, name: id })), ...choices].map((one) => [one.id, one.name]));
  return [...all].map(([id, name]) => ({ id, name }));
}

interface ChoicesProps {
  title: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange(chosen: string[]): void;
}

/** Several of several. */
export function Choices({ title, choices, chosen, onChange }: ChoicesProps) {
  const toggle = (id: string, on: boolean) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id));
  return (
    <fieldset className="grid gap-1">
      <legend className="font-semibold">{title}</legend>
      <div className="flex max-h-60 flex-wrap gap-x-6 overflow-y-auto">
        {choices.map(({ id, name }) => (
          <Check key={id} label={name} isSelected={chosen.includes(id)} onChange={(on) => toggle(id, on)} />
        ))}
      </div>
    </fieldset>
  );
}
