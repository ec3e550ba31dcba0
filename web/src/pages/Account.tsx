import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK, type Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { LanguageSelect } from "../app/LanguageSelect";
import { meQuery } from "../app/session";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Loading, Page, Plate, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

export default function Account() {
  const { data: user } = useSuspenseQuery(meQuery);
  return (
    <Page title={user.name} over={m.nav_account()} aside={<Logout />}>
      <Plate>
        <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[auto_1fr]">
          <dt className="font-semibold">{m.email()}</dt>
          <dd className="break-all">{user.email}</dd>
          <dt className="font-semibold">{m.zone()}</dt>
          <dd>{user.timeZone}</dd>
          {user.membershipUntil && (
            <>
              <dt className="font-semibold">{m.member_until()}</dt>
              <dd>{dayAndClock(user.membershipUntil, ownZone(), getLocale())}</dd>
            </>
          )}
        </dl>
      </Plate>
      <Section title={m.language()}><LanguageSelect /></Section>
      <Sessions />
      <Password email={user.email} />
    </Page>
  );
}

function Logout() {
  const router = useRouter();
  const client = useQueryClient();
  const logout = useMutation({
    mutationFn: () => api.POST("/api/auth/logout", { params: { header: MARK } }),
    onSuccess: async () => {
      await router.navigate({ to: "/login", search: {} });
      client.clear();
    },
  });
  return (
    <div className="grid gap-2">
      <Button onPress={() => logout.mutate()} isPending={logout.isPending}>{m.log_out()}</Button>
      {logout.error && <ProblemNotice error={logout.error} />}
    </div>
  );
}

function Sessions() {
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

function Password({ email }: { email: string }) {
  const [currentPassword, setCurrent] = useState("");
  const [newPassword, setNew] = useState("");
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => {
      const body = { currentPassword, newPassword };
      return api.POST("/api/auth/password", { params: { header: MARK }, body });
    },
    onSuccess: () => {
      setCurrent("");
      setNew("");
      return client.invalidateQueries();
    },
  });
  return (
    <Section title={m.change_password()}>
      <Form
        className="grid max-w-md gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <TextField label={m.password_now()} type="password" autoComplete="current-password" value={currentPassword} onChange={setCurrent} isRequired />
        <TextField label={m.password_new()} hint={m.password_hint()} type="password" autoComplete="new-password" value={newPassword} onChange={setNew} minLength={8} isRequired />
        {change.error && <ProblemNotice error={change.error}>{fieldsOf(change.error)}</ProblemNotice>}
        <div role="status">{change.isSuccess && <p className="font-semibold text-go">{m.password_changed()}</p>}</div>
        <Button type="submit" className="justify-self-start" isPending={change.isPending}>{m.change_password()}</Button>
      </Form>
    </Section>
  );
}

function fieldsOf(error: unknown) {
  const fields = (error as { fields?: Schemas["Fault"][] }).fields ?? [];
  return fields.map((field) => <p key={field.pointer}>{field.detail}</p>);
}
