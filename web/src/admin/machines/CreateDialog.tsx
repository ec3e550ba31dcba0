import { useState } from "react";
import { api, MARK } from "../../api/client";
import { ownZone } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

/** Makes a machine; it takes no reservations until a calendar is mapped to it. */
export function CreateDialog({ onClose }: { onClose(): void }) {
  const [wish, setWish] = useState({ id: "mch_", name: "", category: "", timeZone: ownZone() });
  const make = useAct(() => api.POST("/api/machines", { params: { header: MARK }, body: wish }), onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  return (
    <FormDialog
      title={m.admin_machine_new()}
      submit={m.admin_make()}
      isOpen
      onClose={onClose}
      onSubmit={() => make.mutate()}
      isPending={make.isPending}
      error={make.error}
    >
      <p>{m.admin_machine_new_text()}</p>
      <TextField label={m.admin_name()} value={wish.name} onChange={(name) => set({ name })} maxLength={100} isRequired />
      <TextField label={m.admin_id()} hint={m.admin_machine_id_hint()} value={wish.id} onChange={(id) => set({ id })} isRequired />
      <TextField label={m.admin_category()} value={wish.category} onChange={(category) => set({ category })} maxLength={64} isRequired />
      <TextField label={m.zone()} value={wish.timeZone} onChange={(timeZone) => set({ timeZone })} isRequired />
    </FormDialog>
  );
}
