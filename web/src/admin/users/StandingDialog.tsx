import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { FormDialog } from "../parts/FormDialog";
import { useAct } from "../parts/act";

interface StandingProps {
  user: Schemas["User"];
  wanted: Schemas["User"]["status"];
  onClose(): void;
}

/** Another standing, after its effects were named. */
export function StandingDialog({ user, wanted, onClose }: StandingProps) {
  const change = useAct(() => {
    const params = { path: { userId: user.id }, header: MARK };
    return api.PATCH("/api/users/{userId}", { params, body: { status: wanted } });
  }, onClose);
  const words = wordsOf(wanted, user.name);
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
    </FormDialog>
  );
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
