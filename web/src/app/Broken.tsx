import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { m } from "../paraglide/messages";
import { ButtonLink } from "../ui/Button";
import { Page } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** A page that could not be brought up. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className="mx-auto max-w-2xl p-4 py-10">
      <Page title={m.broken()}>
        <ProblemNotice error={error} onRetry={again} />
      </Page>
    </main>
  );
}

/** An address without a page. */
export function Lost() {
  return (
    <main className="mx-auto max-w-2xl p-4 py-10">
      <Page title={m.lost()}>
        <p>{m.lost_text()}</p>
        <p>
          <ButtonLink to="/machines" search={{}} look="main">{m.nav_machines()}</ButtonLink>
        </p>
      </Page>
    </main>
  );
}
