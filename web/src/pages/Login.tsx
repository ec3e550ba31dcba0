import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { Doorway } from "../app/Doorway";
import { LoginForm } from "../app/LoginForm";
import { sessionLost } from "../app/session";
import { m } from "../paraglide/messages";
import { Done } from "../ui/Page";

const route = getRouteApi("/login");

export default function Login() {
  const { next, out } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  return (
    <Doorway title={m.login_title()}>
      {out && <Done>{m.logged_out()}</Done>}
      <LoginForm
        onLogin={() => {
          client.clear();
          sessionLost.set(false);
          router.history.push(ownPath(next));
        }}
      />
      <p>
        <Link to="/reset" className="font-semibold underline decoration-edge underline-offset-4 hover:decoration-ink">
          {m.forgotten()}
        </Link>
      </p>
    </Doorway>
  );
}

/** A place to go on at, if it is one of ours: another origin is never followed. */
function ownPath(next: string | undefined): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.startsWith("/\\") ? next : "/machines";
}
