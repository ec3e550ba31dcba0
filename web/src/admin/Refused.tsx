import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { asProblem } from "../api/problem";
import { m } from "../paraglide/messages";
import { lookOf } from "../ui/looks";
import { Page } from "../ui/Page";
import { titleOf } from "../ui/words";

/** A page that is not for the role of whoever came, or that could not be brought up. */
export function Refused({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = asProblem(error);
  const again = () => {
    reset();
    void router.invalidate();
  };
  if (problem.code === "role_required") {
    return (
      <Page title={m.admin_refused()}>
        <p role="alert" className="max-w-prose text-lead">
          {problem.title === "admin" ? m.admin_refused_admin() : m.admin_refused_manager()}
        </p>
      </Page>
    );
  }
  return (
    <Page title={m.broken()}>
      <div role="alert" className="grid justify-items-start gap-3 rounded-cut border border-stop bg-stop-wash p-4">
        <p className="font-semibold">{titleOf(problem)}</p>
        <button type="button" onClick={again} className={lookOf({})}>{m.retry()}</button>
        {problem.requestId && <p className="text-note">{m.request_id()} {problem.requestId}</p>}
      </div>
    </Page>
  );
}
