import { useState } from "react";
import type { Schemas } from "../../api/client";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useStanding } from "../rules/policy";
import { usePlaceChange } from "./change";

type Resource = Schemas["Resource"];

interface EditProps {
  machine: Resource;
  isAdmin: boolean;
  onClose(): void;
}

/** Changes what a machine or host is called and tells, and whether it takes reservations. */
export function EditDialog({ machine: now, isAdmin, onClose }: EditProps) {
  // As it was when editing began: a later answer must not pass for what was seen and kept.
  const [machine] = useState(now);
  const [wish, setWish] = useState(wishOf(machine));
  // That is told with the rules alone; until it is known nobody may say otherwise.
  const isTwo = useStanding(machine.id).data?.overview.needsSecond;
  const [wantsTwo, setWantsTwo] = useState<boolean>();
  const change = usePlaceChange(machine, onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  return (
    <FormDialog
      title={m.admin_edit_title({ name: machine.name })}
      submit={m.admin_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate({ ...bodyOf(machine, wish), ...secondOf(isTwo, wantsTwo) })}
      isPending={change.isPending}
      error={change.error && asProblem(change.error)}
    >
      <TextField label={m.admin_name()} value={wish.name} onChange={(name) => set({ name })} maxLength={100} isRequired />
      <TextField label={m.admin_category()} value={wish.category} onChange={(category) => set({ category })} maxLength={64} isRequired />
      <TextField label={m.machine_place()} value={wish.place} onChange={(place) => set({ place })} maxLength={200} />
      <TextField label={m.machine_description()} rows={3} value={wish.description} onChange={(description) => set({ description })} maxLength={2000} />
      <TextField label={m.machine_bring()} rows={2} value={wish.bring} onChange={(bring) => set({ bring })} maxLength={1000} />
      <div className="grid justify-items-start">
        <Check label={m.admin_takes()} isSelected={wish.active} onChange={(active) => set({ active })} />
        {machine.kind === "machine" && (
          <Check label={m.admin_four_eyes()} isSelected={wish.fourEyes} isDisabled={!isAdmin} onChange={(fourEyes) => set({ fourEyes })} />
        )}
        <Check label={m.admin_two_for_rules()} isSelected={wantsTwo ?? isTwo ?? false} isDisabled={!isAdmin || isTwo === undefined} onChange={setWantsTwo} />
        <p className="ps-7.5 text-note text-soft">{m.admin_two_for_rules_hint()}</p>
      </div>
      {machine.active && !wish.active && <p className="border-s-3 border-wait bg-wait-wash p-3">{m.admin_closing_effect()}</p>}
    </FormDialog>
  );
}

function wishOf({ name, category, place = "", description = "", bring = "", active, fourEyes = false }: Resource) {
  return { name, category, place, description, bring, active, fourEyes };
}

/** Whether rules want a second person, where that is to be otherwise than it is. */
function secondOf(isTwo: boolean | undefined, wanted: boolean | undefined): Schemas["UpdateResourceRequest"] {
  return wanted === undefined || wanted === isTwo ? {} : { policyNeedsSecond: wanted };
}

/** Only what differs is sent, so that nothing another person set is set back. */
function bodyOf(machine: Resource, wish: ReturnType<typeof wishOf>): Schemas["UpdateResourceRequest"] {
  const before: Record<string, unknown> = wishOf(machine);
  return Object.fromEntries(Object.entries(wish).filter(([name, value]) => before[name] !== value));
}
