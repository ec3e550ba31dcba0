import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { asProblem, ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

interface EditProps {
  machine: Schemas["Resource"];
  isAdmin: boolean;
  onClose(): void;
}

/** Changes what a machine is called and whether it takes reservations, as long as nobody else did. */
export function EditDialog({ machine: now, isAdmin, onClose }: EditProps) {
  // As it was when editing began: a later answer must not pass for what was seen and kept.
  const [machine] = useState(now);
  const [wish, setWish] = useState({
    name: machine.name,
    category: machine.category,
    active: machine.active,
    fourEyes: machine.fourEyes ?? false,
  });
  const change = useAct(async () => {
    const path = { machineId: machine.id };
    const now = await api.GET("/api/machines/{machineId}", { params: { path } });
    if (!now.data) throw ProblemError.unreachable();
    if (isChanged(machine, now.data.machine)) throw meanwhile();
    const header = { ...MARK, "If-Match": now.response.headers.get("ETag") ?? "" };
    return api.PATCH("/api/machines/{machineId}", { params: { path, header }, body: bodyOf(machine, wish, isAdmin) });
  }, onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  return (
    <FormDialog
      title={m.admin_edit_title({ name: machine.name })}
      submit={m.admin_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      isPending={change.isPending}
      error={change.error && asProblem(change.error)}
    >
      <TextField label={m.admin_name()} value={wish.name} onChange={(name) => set({ name })} maxLength={100} isRequired />
      <TextField label={m.admin_category()} value={wish.category} onChange={(category) => set({ category })} maxLength={64} isRequired />
      <div className="grid justify-items-start">
        <Check label={m.admin_takes()} isSelected={wish.active} onChange={(active) => set({ active })} />
        <Check label={m.admin_four_eyes()} isSelected={wish.fourEyes} isDisabled={!isAdmin} onChange={(fourEyes) => set({ fourEyes })} />
      </div>
      {machine.active && !wish.active && <p className="border-s-3 border-wait bg-wait-wash p-3">{m.admin_closing_effect()}</p>}
    </FormDialog>
  );
}

/** Only what differs is sent, so that nothing another person set is set back. */
function bodyOf(
  machine: Schemas["Resource"],
  wish: { name: string; category: string; active: boolean; fourEyes: boolean },
  isAdmin: boolean,
): Schemas["UpdateResourceRequest"] {
  return {
    ...(wish.name !== machine.name ? { name: wish.name } : {}),
    ...(wish.category !== machine.category ? { category: wish.category } : {}),
    ...(wish.active !== machine.active ? { active: wish.active } : {}),
    ...(isAdmin && wish.fourEyes !== (machine.fourEyes ?? false) ? { fourEyes: wish.fourEyes } : {}),
  };
}

function isChanged(seen: Schemas["Resource"], now: Schemas["Resource"]): boolean {
  const told = ({ name, category, active, fourEyes = false }: Schemas["Resource"]) =>
    JSON.stringify([name, category, active, fourEyes]);
  return told(seen) !== told(now);
}

function meanwhile(): ProblemError {
  return new ProblemError({ status: 412, code: "precondition_failed" });
}
