import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { m } from "../paraglide/messages";
import { ButtonLink } from "../ui/ButtonLink";
import { lookOf } from "../ui/looks";
import { Page } from "../ui/Page";
import { titleOf } from "../ui/words";

/** A page that could not be brought up. It needs no further part, for those may be what is missing. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const problem = asProblem(error);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title={m.broken()}>
      <div role="alert" className="grid max-w-2xl justify-items-start gap-3 rounded-cut border border-stop bg-stop-wash p-4">
        <p className="font-semibold">{titleOf(problem)}</p>
        <button type="button" onClick={again} className={lookOf({})}>{m.retry()}</button>
        {problem.requestId && <p className="text-note">{m.request_id()} {problem.requestId}</p>}
      </div>
    </Page>
  );
}

/** What stands alone, without the frame around it. */
export function Alone({ children }: { children: ReactNode }) {
  return <main className="mx-auto max-w-6xl p-4 py-10 sm:px-6">{children}</main>;
}

/** An address without a page. */
export function Lost() {
  return (
    <Alone>
      <Page title={m.lost()}>
        <p>{m.lost_text()}</p>
        <p>
          <ButtonLink to="/machines" search={{}} look="main">{m.nav_machines()}</ButtonLink>
        </p>
      </Page>
    </Alone>
  );
}
