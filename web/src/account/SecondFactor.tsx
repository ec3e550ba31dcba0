import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Loading, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { inFours } from "../app/codes";

/** Gets a second factor: the password, the secret for the app, its first code, recovery codes. */
export function SecondFactor() {
  const [recovery, setRecovery] = useState<string[]>();
  const client = useQueryClient();
  const state = useQuery({
    queryKey: ["second factor"],
    queryFn: async () => (await api.GET("/api/auth/me")).data?.secondFactor ?? null,
  });
  return (
    <Section title={m.second_factor()}>
      {state.isPending && <Loading rows={1} />}
      {state.error && <ProblemNotice error={state.error} onRetry={() => void state.refetch()} />}
      {recovery && <RecoveryCodes codes={recovery} />}
      {state.data?.enrolled && <p>{m.factor_there()}</p>}
      {state.data?.enrolled && <ShowAgain />}
      {state.data && !state.data.enrolled && !recovery && (
        <Enrol
          lead={state.data.required ? m.factor_needed() : m.factor_offered()}
          onDone={(codes) => {
            setRecovery(codes);
            void client.invalidateQueries();
          }}
        />
      )}
    </Section>
  );
}

function Enrol({ lead, onDone }: { lead: string; onDone(codes: string[]): void }) {
  const begin = useMutation({
    mutationFn: async (currentPassword: string) => {
      const answer = await api.POST("/api/auth/factor", { params: { header: MARK }, body: { currentPassword } });
      return answer.data?.factor;
    },
  });
  const confirm = useMutation({
    mutationFn: async (code: string) => {
      const body = { code: code.replace(/\s/g, "") };
      return (await api.POST("/api/auth/factor/confirm", { params: { header: MARK }, body })).data;
    },
    onSuccess: (data) => data && onDone(data.recoveryCodes),
  });
  if (!begin.data) {
    return (
      <OneField
        key="password"
        label={m.password()}
        type="password"
        autoComplete="current-password"
        action={m.factor_begin()}
        isPending={begin.isPending}
        error={begin.error}
        onSend={(password) => begin.mutate(password)}
      >
        <p>{lead}</p>
      </OneField>
    );
  }
  return (
    <OneField
      key="code"
      label={m.code()}
      type="text"
      autoComplete="one-time-code"
      action={m.factor_confirm()}
      isPending={confirm.isPending}
      error={confirm.error}
      onSend={(code) => confirm.mutate(code)}
    >
      <p>{m.factor_secret()}</p>
      <p><code className="font-mono break-all">{inFours(begin.data.secret)}</code></p>
      <p><a className="underline" href={begin.data.uri}>{m.factor_open()}</a></p>
    </OneField>
  );
}

/** A code of now, for what wants one of the last ten minutes. */
function ShowAgain() {
  const show = useMutation({
    mutationFn: async (code: string) => {
      const body = { code: code.replace(/\s/g, "") };
      return (await api.POST("/api/auth/step-up", { params: { header: MARK }, body })).data;
    },
  });
  return (
    <OneField
      label={m.code()}
      type="text"
      autoComplete="one-time-code"
      action={m.factor_again()}
      isPending={show.isPending}
      error={show.error}
      onSend={(code) => show.mutate(code)}
    >
      <p>{show.isSuccess ? m.factor_again_done() : m.factor_again_why()}</p>
    </OneField>
  );
}

interface OneFieldProps {
  label: string;
  type: "password" | "text";
  autoComplete: string;
  action: string;
  isPending: boolean;
  error: unknown;
  onSend(text: string): void;
  children: ReactNode;
}

function OneField({ label, type, autoComplete, action, isPending, error, onSend, children }: OneFieldProps) {
  const [text, setText] = useState("");
  return (
    <Form
      className="grid max-w-md gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(text);
      }}
    >
      {children}
      <TextField label={label} type={type} autoComplete={autoComplete} value={text} onChange={setText} isRequired />
      {Boolean(error) && <ProblemNotice error={error} />}
      <Button type="submit" className="justify-self-start" isPending={isPending}>{action}</Button>
    </Form>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div role="status" className="grid gap-3">
      <p className="font-semibold">{m.recovery_codes()}</p>
      <ul className="grid max-w-md grid-cols-2 gap-2 font-mono">
        {codes.map((code) => <li key={code}>{code}</li>)}
      </ul>
    </div>
  );
}
