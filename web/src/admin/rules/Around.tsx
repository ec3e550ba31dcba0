import { useState } from "react";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Select } from "../../ui/Field";
import { usePlaces } from "../parts/places";
import { type Block, withRule } from "./draft";

interface PartProps {
  machineId: string;
  draft: Block;
  onChange(next: Block): void;
}

interface RuleProps<Rule> {
  places: readonly { id: string; name: string }[];
  rule: Rule | null | undefined;
  onChange(next: Rule | undefined): void;
}

/** In what it is used, and what is used inside it. */
export function Around({ machineId, draft, onChange }: PartProps) {
  const { data } = usePlaces();
  const places = (data ?? []).filter(({ id }) => id !== machineId).map(({ id, name }) => ({ id, name }));
  const { area, contents } = draft.rules;
  return (
    <div className="grid items-start gap-7 lg:grid-cols-2">
      <Area places={places} rule={area} onChange={(next) => onChange(withRule(draft, "area", next))} />
      <Contents places={places} rule={contents} onChange={(next) => onChange(withRule(draft, "contents", next))} />
    </div>
  );
}

type AreaRule = Schemas["PolicyAreaRule"];

function Area({ places, rule, onChange }: RuleProps<AreaRule>) {
  const first = places[0];
  return (
    <div className="grid gap-3">
      <Check
        label={m.admin_area_on()}
        isSelected={Boolean(rule)}
        isDisabled={!rule && !first}
        onChange={(on) => onChange(on && first ? { resourceId: first.id, startOnly: false } : undefined)}
      />
      {rule && (
        <>
          <Select label={m.admin_area_of()} value={rule.resourceId} options={known(places, [rule.resourceId])} onChange={(resourceId) => onChange({ ...rule, resourceId })} />
          <Check label={m.admin_area_start()} isSelected={rule.startOnly === true} onChange={(startOnly) => onChange({ ...rule, startOnly })} />
        </>
      )}
    </div>
  );
}

/** Those of the list, and those that are named and not in it. */
function known(places: RuleProps<never>["places"], ids: readonly string[]) {
  const missing = ids.filter((id) => places.every((place) => place.id !== id));
  return [...places, ...missing.map((id) => ({ id, name: id }))];
}

/** As many as the API takes. */
const MOST = 64;
type ContentsRule = Schemas["PolicyContentsRule"];

function Contents({ places, rule, onChange }: RuleProps<ContentsRule>) {
  const ids = rule?.resourceIds ?? [];
  const startOnly = rule?.startOnly === true;
  const set = (resourceIds: string[]) => onChange(resourceIds.length > 0 ? { resourceIds, startOnly } : undefined);
  const nameOf = (id: string) => places.find((place) => place.id === id)?.name ?? id;
  return (
    <div className="grid gap-3">
      <h3 className="min-h-11 content-center font-semibold">{m.admin_contents()}</h3>
      {ids.length === 0 && <p className="text-soft">{m.admin_contents_none()}</p>}
      {ids.length > 0 && (
        <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
          {ids.map((id) => (
            <li key={id} className="flex flex-wrap items-center justify-between gap-3 bg-plate p-3">
              {nameOf(id)}
              <Button className="min-h-9! px-3! py-1!" aria-label={m.admin_proof_remove({ proof: nameOf(id) })} onPress={() => set(ids.filter((one) => one !== id))}>{m.admin_remove()}</Button>
            </li>
          ))}
        </ul>
      )}
      <AddContent places={places.filter(({ id }) => !ids.includes(id))} isFull={ids.length >= MOST} onAdd={(id) => set([...ids, id])} />
      {ids.length > 0 && (
        <Check label={m.admin_contents_start()} isSelected={startOnly} onChange={(on) => onChange({ resourceIds: ids, startOnly: on })} />
      )}
    </div>
  );
}

function AddContent({ places, isFull, onAdd }: { places: RuleProps<never>["places"]; isFull: boolean; onAdd(id: string): void }) {
  const [chosen, setChosen] = useState<string>();
  const id = places.some((place) => place.id === chosen) ? chosen : places[0]?.id;
  if (id === undefined) return null;
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select label={m.admin_contents_new()} value={id} options={[...places]} onChange={setChosen} className="w-full sm:w-64" />
      <Button isDisabled={isFull} onPress={() => onAdd(id)}>{m.admin_contents_add()}</Button>
    </div>
  );
}
