import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyField";
import { TextField } from "../ui/Field";
import { Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { digitsOf, inFours } from "../app/codes";
import { meQuery } from "../app/session";

/** Gets a second factor: the password, the secret for the app, its first code, recovery codes. */
export function SecondFactor() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [recovery, setRecovery] = useState<string[]>();
  const client = useQueryClient();
  const { enrolled, required } = me.secondFactor;
  const take = (codes: string[] | undefined) => {
    setRecovery(codes);
    return client.invalidateQueries();
  };
  return (
    <Section title={m.second_factor()}>
      {recovery && <RecoveryCodes codes={recovery} />}
      {enrolled && <Manage isRequired={required} onCodes={take} />}
      {!enrolled && !recovery && (
        <Enrol lead={required ? m.factor_needed() : m.factor_offered()} onDone={take} />
      )}
    </Section>
  );
}

interface ManageProps {
  /** Whoever must have one gets another in its place by a colleague. */
  isRequired: boolean;
  onCodes(codes: string[] | undefined): Promise<void>;
}

function Manage({ isRequired, onCodes }: ManageProps) {
  const params = { header: MARK };
  const anew = useMutation({
    mutationFn: async () => (await api.POST("/api/auth/factor/recovery-codes", { params })).data,
    onSuccess: (data) => onCodes(data?.recoveryCodes),
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE("/api/auth/factor", { params }),
    onSuccess: () => onCodes(undefined),
  });
  const error = anew.error ?? remove.error;
  return (
    <>
      <p>{m.factor_there()}</p>
      {error && <ProblemNotice error={error} />}
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => anew.mutate()} isPending={anew.isPending}>{m.recovery_anew()}</Button>
        {!isRequired && (
          <Button look="stop" onPress={() => remove.mutate()} isPending={remove.isPending}>{m.factor_remove()}</Button>
        )}
      </div>
    </>
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
      const body = { code: digitsOf(code) };
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
    <div className="grid gap-3">
      <p role="status" className="font-semibold">{m.recovery_codes()}</p>
      <ul className="grid max-w-md gap-x-6 gap-y-2 font-mono sm:grid-cols-2">
        {codes.map((code) => <li key={code}>{code}</li>)}
      </ul>
      <CopyButton value={codes.join("\n")} />
    </div>
  );
}
