import { useState } from "react";
import { api, MARK } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Select, TextField } from "../../ui/Field";
import { Empty, Loading } from "../../ui/Page";
import { useAct } from "../parts/act";
import { Fault, FormDialog } from "../parts/FormDialog";
import { usePeople } from "../parts/people";

/** Makes a person somebody whose time is reserved; like a machine he takes nothing until a calendar is mapped. */
export function HostDialog({ onClose }: { onClose(): void }) {
  const people = usePeople();
  const hosts = people.data?.filter((user) => user.roles.includes("host") && user.status === "active") ?? [];
  const [wish, setWish] = useState({ userId: "", id: "hst_", name: "", category: "", timeZone: "" });
  // Until somebody else is chosen, and what it is called is typed, the first is meant.
  const person = hosts.find(({ id }) => id === wish.userId) ?? hosts[0];
  const name = wish.name || (person?.name ?? "");
  const timeZone = wish.timeZone || (person?.timeZone ?? "");
  const make = useAct(() => {
    const body = { ...wish, name, timeZone, userId: person?.id ?? "" };
    return api.POST("/api/hosts", { params: { header: MARK }, body });
  }, onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  return (
    <FormDialog
      title={m.admin_host_new()}
      submit={m.admin_make()}
      isOpen
      onClose={onClose}
      onSubmit={() => make.mutate()}
      isPending={make.isPending}
      isReady={person !== undefined}
      error={make.error}
    >
      <p>{m.admin_host_new_text()}</p>
      {people.isPending && <Loading rows={1} />}
      {people.error && <Fault error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && hosts.length === 0 && <Empty text={m.admin_host_nobody()} />}
      {person && (
        <>
          <Select
            label={m.admin_person()}
            value={person.id}
            options={hosts.map((user) => ({ id: user.id, name: `${user.name} · ${user.email}` }))}
            onChange={(userId) => set({ userId, name: "", timeZone: "" })}
          />
          <TextField label={m.admin_name()} value={name} onChange={(next) => set({ name: next })} maxLength={100} isRequired />
          <TextField label={m.admin_id()} hint={m.admin_host_id_hint()} value={wish.id} onChange={(id) => set({ id })} isRequired />
          <TextField label={m.admin_category()} value={wish.category} onChange={(category) => set({ category })} maxLength={64} isRequired />
          <TextField label={m.zone()} value={timeZone} onChange={(next) => set({ timeZone: next })} isRequired />
        </>
      )}
    </FormDialog>
  );
}
