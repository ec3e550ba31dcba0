import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Select, TextField } from "../../ui/Field";
import { useAct } from "../parts/act";
import { FormDialog } from "../parts/FormDialog";

export type Kind = Schemas["Alternative"]["kind"];

export const KINDS: Record<Kind, () => string> = {
  transcript: m.proof_transcript,
  live_session: m.proof_live_session,
  watch_confirmed: m.proof_watch_confirmed,
};

interface ProofProps {
  user: { id: string; name: string };
  module: { id: string; title: string };
  /** Of what kind it may be; the first is meant until another is chosen. */
  kinds: readonly [Kind, ...Kind[]];
  onClose(): void;
}

/** A manager's word that stands for watching, with its grounds; nobody gives it for himself. */
export function ProofDialog({ user, module, kinds, onClose }: ProofProps) {
  const [kind, setKind] = useState<Kind>(kinds[0]);
  const [note, setNote] = useState("");
  const record = useAct(() => {
    const body = { moduleId: module.id, userId: user.id, alternative: { kind, note } };
    return api.POST("/api/training/complete", { params: { header: MARK }, body });
  }, onClose);
  return (
    <FormDialog
      title={m.admin_record_title({ title: module.title, name: user.name })}
      submit={m.admin_record()}
      isOpen
      onClose={onClose}
      onSubmit={() => record.mutate()}
      isPending={record.isPending}
      error={record.error}
    >
      <p>{m.admin_record_text()}</p>
      {kinds.length > 1 ? (
        <Select label={m.admin_record_kind()} value={kind} options={kinds.map((id) => ({ id, name: KINDS[id]() }))} onChange={(id) => setKind(id as Kind)} />
      ) : (
        <p className="font-semibold">{KINDS[kind]()}</p>
      )}
      <TextField label={m.admin_record_note()} rows={2} maxLength={2000} value={note} onChange={setNote} isRequired />
    </FormDialog>
  );
}
