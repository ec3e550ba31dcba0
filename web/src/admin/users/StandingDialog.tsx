import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { faultAt, TextField } from "../../ui/Field";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";
import { instantOf, localOf } from "../parts/moment";

interface StandingProps {
  user: Schemas["User"];
  wanted: Schemas["User"]["status"];
  onClose(): void;
}

/** Another standing, after its effects were named. */
export function StandingDialog({ user, wanted, onClose }: StandingProps) {
  const [reason, setReason] = useState(user.suspension?.reason ?? "");
  const [until, setUntil] = useState(localOf(user.suspension?.until));
  const change = useAct(() => {
    const params = { path: { userId: user.id }, header: MARK };
    const body = wanted === "suspended" ? { status: wanted, ...saidOf(reason, until) } : { status: wanted };
    return api.PATCH("/api/users/{userId}", { params, body });
  }, onClose);
  const words = wordsOf(wanted, user.name);
  const problem = change.error ? asProblem(change.error) : undefined;
  return (
    <FormDialog
      title={words.title}
      submit={words.submit}
      look={wanted === "active" ? "main" : "stop"}
      isOpen
      onClose={onClose}
      onSubmit={() => change.mutate()}
      isPending={change.isPending}
      error={change.error}
    >
      <p>{words.text}</p>
      {wanted === "suspended" && (
        <>
          <TextField label={m.admin_suspend_why()} rows={2} maxLength={500} value={reason} onChange={setReason} error={faultAt(problem, "/reason")} isRequired />
          <TextField label={m.admin_suspend_until()} type="datetime-local" value={until} onChange={setUntil} error={faultAt(problem, "/until")} />
        </>
      )}
    </FormDialog>
  );
}

function saidOf(reason: string, until: string) {
  const end = instantOf(until);
  return { ...(reason.trim() ? { reason } : {}), ...(end ? { until: end } : {}) };
}

function wordsOf(wanted: StandingProps["wanted"], name: string) {
  switch (wanted) {
    case "active":
      return { title: m.admin_reinstate_title({ name }), submit: m.admin_reinstate(), text: m.admin_reinstate_text() };
    case "suspended":
      return { title: m.admin_suspend_title({ name }), submit: m.admin_suspend(), text: m.admin_suspend_text() };
    case "banned":
      return { title: m.admin_ban_title({ name }), submit: m.admin_ban(), text: m.admin_ban_text() };
  }
}
