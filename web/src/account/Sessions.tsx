import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, MARK, type Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { Loading, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** Every place where the person is logged in, each but this one with the way to end it. */
export function Sessions() {
  const sessions = $api.useQuery("get", "/api/auth/sessions");
  return (
    <Section title={m.sessions()}>
      {sessions.isPending && <Loading rows={2} />}
      {sessions.error && <ProblemNotice error={sessions.error} onRetry={() => void sessions.refetch()} />}
      <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line">
        {sessions.data?.items.map((session) => <One key={session.id} session={session} />)}
      </ul>
    </Section>
  );
}

function One({ session }: { session: Schemas["Session"] }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => {
      const params = { path: { sessionId: session.id }, header: MARK };
      return api.DELETE("/api/auth/sessions/{sessionId}", { params });
    },
    onSuccess: () => client.invalidateQueries(),
  });
  const time = dayAndClock(session.lastUsedAt, ownZone(), getLocale());
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 bg-plate p-4">
      <div className="min-w-0">
        <p className="font-semibold">{device(session.device)}</p>
        <p className="text-note text-soft">{session.current ? m.this_device() : m.last_used({ time })}</p>
      </div>
      {!session.current && <Button onPress={() => end.mutate()} isPending={end.isPending}>{m.end_session()}</Button>}
      {end.error && <ProblemNotice error={end.error} />}
    </li>
  );
}

/** A browser and a system out of what the browser calls itself; its whole name helps nobody. */
function device(name: string | undefined): string {
  const pick = (list: string[]) => list.find((one) => name?.includes(one));
  const browser = pick(["Edg", "Firefox", "Chrome", "Safari"]);
  const system = pick(["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
  const known = [browser === "Edg" ? "Edge" : browser, system].filter(Boolean).join(" · ");
  return known || m.unknown_device();
}
