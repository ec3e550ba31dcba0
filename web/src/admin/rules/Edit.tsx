import { useState } from "react";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Section } from "../../ui/Page";
import { Conflict } from "./Conflict";
import { differences } from "./diff";
import { type Policy, parsed, sendable } from "./draft";
import { Limits } from "./Limits";
import type { Standing } from "./policy";
import { Proofs } from "./Proofs";
import { SaveForm, useSave } from "./SaveForm";
import { WhatIf, usePreview } from "./WhatIf";

interface EditProps {
  machineId: string;
  standing: Standing;
}

/** Rules that are not saved yet: they are tried before they may be, and nobody's save is written over unseen. */
export function Edit({ machineId, standing }: EditProps) {
  // What was read when editing began; a later answer must not take the ground away unseen.
  const [base, setBase] = useState(standing);
  const [draft, setDraft] = useState<Policy>(sendable(base.overview.inForce.policy));
  const preview = usePreview(machineId);
  const save = useSave(machineId, (saved) => {
    setBase(saved);
    setDraft(sendable(saved.overview.inForce.policy));
    preview.reset();
  });
  const isChanged = differences(sendable(base.overview.inForce.policy), draft).length > 0;
  const isTried = preview.data !== undefined && preview.variables === draft;
  const change = (next: Policy) => {
    setDraft(next);
    save.reset();
  };
  const standOn = (theirs: Standing, next: Policy) => {
    setBase(theirs);
    change(next);
    preview.reset();
  };
  if (save.error && asProblem(save.error).status === 412) {
    return <Conflict machineId={machineId} base={base} mine={draft} onSettled={standOn} />;
  }
  return (
    <div className="grid gap-7">
      <Form draft={draft} onChange={change} />
      <div className="flex flex-wrap items-center gap-3">
        <Button look="main" isPending={preview.isPending} onPress={() => preview.mutate(draft)}>{m.admin_try()}</Button>
        <Button look="bare" isDisabled={!isChanged} onPress={() => change(sendable(base.overview.inForce.policy))}>{m.admin_discard()}</Button>
        <p role="status" className="text-note text-soft">{isChanged ? m.admin_changed() : m.admin_unchanged()}</p>
      </div>
      <WhatIf preview={preview} machineId={machineId} isCurrent={isTried} />
      {isTried && isChanged && <SaveForm save={save} tag={base.tag} draft={draft} />}
      {save.isSuccess && <p role="status" className="border-s-3 border-go bg-go-wash p-4 font-semibold">{m.admin_saved()}</p>}
    </div>
  );
}

/** Numbers and choices where they say it all, and the whole policy as it is written for the rest. */
function Form({ draft, onChange }: { draft: Policy; onChange(next: Policy): void }) {
  const [text, setText] = useState<string>();
  const isText = text !== undefined;
  const type = (next: string) => {
    setText(next);
    const policy = parsed(next);
    if (policy) onChange(policy);
  };
  return (
    <div className="grid gap-5">
      <Button className="justify-self-start" onPress={() => setText(isText ? undefined : JSON.stringify(draft, null, 2))}>
        {isText ? m.admin_as_form() : m.admin_as_json()}
      </Button>
      {isText ? (
        <TextField
          label={m.admin_json()}
          hint={m.admin_json_hint()}
          rows={24}
          value={text}
          onChange={type}
          error={parsed(text) ? undefined : m.admin_json_broken()}
          className="[&_textarea]:font-mono [&_textarea]:text-note"
          spellCheck="false"
        />
      ) : (
        <>
          <Section title={m.admin_proofs()}><Proofs draft={draft} onChange={onChange} /></Section>
          <Section title={m.admin_limits()}><Limits draft={draft} onChange={onChange} /></Section>
        </>
      )}
    </div>
  );
}
