import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Section } from "../../ui/Page";
import { Work } from "../../ui/Work";
import { Around } from "./Around";
import { Closures } from "./Closures";
import { Conflict } from "./Conflict";
import { differences } from "./diff";
import { type Block, type Policy, parsed, sendable } from "./draft";
import { type Kept, keep, keptOf, UNSAID } from "./kept";
import { Limits, OpenHours } from "./Limits";
import { Overlays } from "./Overlays";
import type { Standing } from "./policy";
import { Proofs } from "./Proofs";
import { Quotas } from "./Quotas";
import { SaveForm, useIsSaving, useSave } from "./SaveForm";
import { WhatIf, usePreview } from "./WhatIf";

interface EditProps {
  machineId: string;
  standing: Standing;
}

const written = (policy: Policy) => JSON.stringify(policy, null, 2);
const inForce = ({ overview }: Standing) => sendable(overview.inForce.policy);

/** What is being changed, as a form or as text; what was typed last is what is tried and saved. */
function useDraft(standing: Standing, kept: Kept | undefined) {
  // What was read when editing began; a later answer must not take the ground away unseen.
  const [base, setBase] = useState(kept?.base ?? standing);
  const [draft, setDraft] = useState<Policy>(kept?.draft ?? inForce(base));
  const [text, setText] = useState(kept?.text);
  const set = (next: Policy) => {
    setDraft(next);
    setText((old) => (old === undefined ? old : written(next)));
  };
  const type = (next: string) => {
    setText(next);
    const policy = parsed(next);
    if (policy) setDraft(policy);
  };
  const standOn = (next: Standing, own = inForce(next)) => {
    setBase(next);
    set(own);
  };
  const isBroken = text !== undefined && parsed(text) === undefined;
  const isChanged = isBroken || differences(inForce(base), draft).length > 0;
  const asText = (isText: boolean) => setText(isText ? written(draft) : undefined);
  return { base, draft, text, set, type, standOn, asText, isBroken, isChanged };
}

type Draft = ReturnType<typeof useDraft>;

/**
 * Rules that are not saved yet: they are tried before they may be, nobody's save is written over
 * unseen, and what is typed is there again for whoever looked elsewhere meanwhile.
 */
export function Edit(props: EditProps) {
  const isSaving = useIsSaving(props.machineId);
  // A save that another look at this page began: what stands afterwards is the ground to go on from.
  const [isOthers, setOthers] = useState(isSaving);
  if (isOthers && !isSaving) setOthers(false);
  return isOthers ? <Work label={m.admin_saving_rules()} /> : <Editor {...props} />;
}

function Editor({ machineId, standing }: EditProps) {
  const client = useQueryClient();
  const [kept] = useState(() => keptOf(client, machineId));
  const own = useDraft(standing, kept);
  const { base, draft, text, isBroken, isChanged } = own;
  const preview = usePreview(machineId);
  const [why, setWhy] = useState(kept?.why ?? UNSAID);
  useEffect(() => {
    keep(client, machineId, isChanged ? { base, draft, text, why } : undefined);
  }, [client, machineId, base, draft, text, why, isChanged]);
  const save = useSave(machineId, (saved) => {
    // Whoever looks elsewhere meanwhile comes back to what is saved.
    keep(client, machineId, undefined);
    own.standOn(saved);
    setWhy(UNSAID);
    preview.reset();
  });
  const isTried = !isBroken && preview.data !== undefined && preview.variables === draft;
  const settle = (theirs: Standing, next: Policy) => {
    own.standOn(theirs, next);
    save.reset();
    preview.reset();
  };
  if (save.error && asProblem(save.error).status === 412) {
    return <Conflict machineId={machineId} base={base} mine={draft} onSettled={settle} />;
  }
  const discard = () => {
    own.set(inForce(base));
    save.reset();
  };
  return (
    <div className="grid gap-7">
      <Form machineId={machineId} own={own} mayBeForm={!isBroken && (isTried || !isChanged)} onChange={save.reset} />
      <div className="flex flex-wrap items-center gap-3">
        <Button look="main" isDisabled={isBroken} isPending={preview.isPending} onPress={() => preview.mutate(draft)}>{m.admin_try()}</Button>
        <Button look="bare" isDisabled={!isChanged} onPress={discard}>{m.admin_discard()}</Button>
        <p role="status" className="text-note text-soft">{isChanged ? m.admin_changed() : m.admin_unchanged()}</p>
      </div>
      <WhatIf preview={preview} machineId={machineId} isCurrent={isTried} />
      {isTried && isChanged && (
        <SaveForm save={save} tag={base.tag} draft={draft} needsSecond={base.overview.needsSecond} why={why} onWhy={setWhy} />
      )}
      {save.isSuccess && (
        <p role="status" className="border-s-3 border-go bg-go-wash p-4 font-semibold">
          {save.data.overview.needsSecond ? m.admin_proposed() : m.admin_saved()}
        </p>
      )}
    </div>
  );
}

interface FormProps {
  machineId: string;
  own: Draft;
  /** Whether the API has judged it: the form can only show what is a policy. */
  mayBeForm: boolean;
  onChange(): void;
}

/** Numbers and choices where they say it all, and the whole policy as it is written for the rest. */
function Form({ machineId, own, mayBeForm, onChange }: FormProps) {
  const { draft, text, isBroken } = own;
  const isText = text !== undefined;
  const change = (next: Policy) => {
    own.set(next);
    onChange();
  };
  const changePart = (part: Block) => change({ ...draft, ...part });
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <Button isDisabled={isText && !mayBeForm} onPress={() => own.asText(!isText)}>
          {isText ? m.admin_as_form() : m.admin_as_json()}
        </Button>
        {isText && !mayBeForm && !isBroken && <p className="text-note text-soft">{m.admin_json_untried()}</p>}
      </div>
      {isText ? (
        <TextField
          label={m.admin_json()}
          hint={m.admin_json_hint()}
          rows={24}
          value={text}
          onChange={(next) => {
            own.type(next);
            onChange();
          }}
          error={isBroken ? m.admin_json_broken() : undefined}
          className="[&_textarea]:font-mono [&_textarea]:text-note"
          spellCheck="false"
        />
      ) : (
        <>
          <Section title={m.admin_proofs()}><Proofs draft={draft} onChange={changePart} /></Section>
          <Section title={m.admin_limits()}><Limits draft={draft} onChange={changePart} /></Section>
          <Section title={m.admin_hours()}><OpenHours draft={draft} onChange={changePart} /></Section>
          <Section title={m.admin_closures()}><Closures draft={draft} zone={draft.timeZone} onChange={changePart} /></Section>
          <Section title={m.admin_around()}><Around machineId={machineId} draft={draft} onChange={changePart} /></Section>
          <Section title={m.admin_quotas()}><Quotas draft={draft} onChange={changePart} /></Section>
          <Section title={m.admin_overlays_title()}><Overlays machineId={machineId} draft={draft} onChange={change} /></Section>
        </>
      )}
    </div>
  );
}
