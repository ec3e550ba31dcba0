import { useState } from "react";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Select, TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { usePlaceChange } from "./change";

type Mode = NonNullable<Schemas["Mapping"]["mode"]>;

const MODES: readonly Mode[] = ["api_key", "bearer", "platform_client", "none"];

interface MappingProps {
  machine: Schemas["Resource"];
  onClose(): void;
}

/**
 * Maps a machine or host to a calendar at Cal.com, which is asked before anything is saved. Whose
 * calendar it is now the API tells nobody, so all of it is said anew; the kinds are known.
 */
export function MappingDialog({ machine: now, onClose }: MappingProps) {
  // As it was when editing began: a later answer must not pass for what was seen and kept.
  const [machine] = useState(now);
  const [wish, setWish] = useState({ username: "", email: "", mode: "api_key" as Mode, credentialRef: "" });
  const [kinds, setKinds] = useState(machine.eventTypes.map(({ id }) => id).join(", "));
  const change = usePlaceChange(machine, onClose);
  const set = (part: Partial<typeof wish>) => setWish({ ...wish, ...part });
  const eventTypeIds = numbersOf(kinds);
  return (
    <FormDialog
      title={m.admin_mapping_title({ name: machine.name })}
      submit={m.admin_mapping_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate({ mapping: { ...wish, eventTypeIds } })}
      isPending={change.isPending}
      isReady={eventTypeIds.length > 0}
      error={change.error}
    >
      <p>{m.admin_mapping_text()}</p>
      <TextField label={m.admin_mapping_user()} value={wish.username} onChange={(username) => set({ username })} autoComplete="off" isRequired />
      <TextField label={m.admin_mapping_email()} type="email" value={wish.email} onChange={(email) => set({ email })} autoComplete="off" isRequired />
      <Select label={m.admin_mapping_mode()} value={wish.mode} options={MODES.map((id) => ({ id, name: id }))} onChange={(mode) => set({ mode: mode as Mode })} />
      <TextField label={m.admin_mapping_credential()} hint={m.admin_mapping_credential_hint()} value={wish.credentialRef} onChange={(credentialRef) => set({ credentialRef })} autoComplete="off" isRequired />
      <TextField label={m.admin_mapping_kinds()} hint={m.admin_mapping_kinds_hint()} value={kinds} onChange={setKinds} inputMode="numeric" isRequired />
    </FormDialog>
  );
}

/** Numbers however they are apart; nothing where something is none. */
function numbersOf(text: string): number[] {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  return parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : [];
}
