import { useState } from "react";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { instantOf, localOf } from "../parts/moment";
import { useChange } from "./change";

interface BelongingProps {
  user: Schemas["User"];
  onClose(): void;
}

/** Groups of a person and until when the membership runs; policies ask for both. */
export function BelongingDialog({ user, onClose }: BelongingProps) {
  const before = localOf(user.membershipUntil);
  const [groups, setGroups] = useState((user.groups ?? []).join("\n"));
  const [until, setUntil] = useState(before);
  const change = useChange(user, (one) => [one.groups, one.membershipUntil], onClose);
  const wish = {
    groups: linesOf(groups),
    // A field tells no seconds: what was not touched stays as exact as it was.
    ...(until === before ? {} : { membershipUntil: instantOf(until) ?? null }),
  };
  return (
    <FormDialog
      title={m.admin_belonging_title({ name: user.name })}
      submit={m.admin_save()}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate(wish)}
      isPending={change.isPending}
      error={change.error}
    >
      <TextField label={m.admin_groups()} hint={m.admin_one_per_line()} rows={4} value={groups} onChange={setGroups} />
      <TextField label={m.member_until()} hint={m.admin_member_hint()} type="datetime-local" value={until} onChange={setUntil} />
    </FormDialog>
  );
}

/** Every line that says something, each once. */
function linesOf(text: string): string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()).filter(Boolean))];
}
