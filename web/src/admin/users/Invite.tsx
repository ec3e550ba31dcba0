import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { ownZone } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { Check } from "../../ui/Check";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";
import { roleName } from "../parts/words";

type Role = Schemas["Role"];
export const ROLES: readonly Role[] = ["member", "host", "manager", "admin"];

/** Makes an account; its owner chooses the password with the link in the mail. */
export function Invite({ onClose }: { onClose(): void }) {
  const [wish, setWish] = useState({ email: "", name: "", timeZone: ownZone(), roles: ["member"] as Role[] });
  const make = useAct(() => api.POST("/api/users", { params: { header: MARK }, body: wish }), onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  const toggle = (role: Role, on: boolean) => set({ roles: on ? [...wish.roles, role] : wish.roles.filter((one) => one !== role) });
  return (
    <FormDialog
      title={m.admin_invite()}
      submit={m.admin_invite()}
      isOpen
      onClose={onClose}
      onSubmit={() => make.mutate()}
      isPending={make.isPending}
      isReady={wish.roles.length > 0}
      error={make.error}
    >
      <p>{m.admin_invite_text()}</p>
      <TextField label={m.admin_name()} value={wish.name} onChange={(name) => set({ name })} maxLength={100} isRequired />
      <TextField label={m.email()} type="email" value={wish.email} onChange={(email) => set({ email })} isRequired />
      <TextField label={m.zone()} value={wish.timeZone} onChange={(timeZone) => set({ timeZone })} isRequired />
      <fieldset className="flex flex-wrap gap-x-6">
        <legend className="font-semibold">{m.admin_roles()}</legend>
        {ROLES.map((role) => <Check key={role} label={roleName(role)} isSelected={wish.roles.includes(role)} onChange={(on) => toggle(role, on)} />)}
      </fieldset>
    </FormDialog>
  );
}
