import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { Done } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";
import { shown } from "./codes";

interface CodeProps {
  onLogin(user: Schemas["User"]): void;
  /** Back to the password; the login that waits is left to end by itself. */
  onBack(): void;
}

/** The second half of a login: a code of the app, or a recovery code in its place. */
export function CodeForm({ onLogin, onBack }: CodeProps) {
  const [text, setText] = useState("");
  const login = useMutation({
    mutationFn: async () => (await api.POST("/api/auth/login/code", { body: shown(text) })).data,
    // Whoever used a recovery code is told how many are left before anything else.
    onSuccess: (data) => data && data.recoveryCodesLeft === undefined && onLogin(data.user),
  });
  if (login.data?.recoveryCodesLeft !== undefined) {
    const { user, recoveryCodesLeft } = login.data;
    return (
      <div className="grid gap-5">
        <Done>{m.recovery_left({ count: recoveryCodesLeft })}</Done>
        <Button look="main" onPress={() => onLogin(user)}>{m.go_on()}</Button>
      </div>
    );
  }
  return (
    <Form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate();
      }}
    >
      {login.error && <ProblemNotice error={login.error} />}
      <TextField
        label={m.code()}
        hint={m.code_hint()}
        autoComplete="one-time-code"
        value={text}
        onChange={setText}
        maxLength={64}
        autoFocus
        isRequired
      />
      <Button type="submit" look="main" isPending={login.isPending}>
        {login.isPending ? m.logging_in() : m.log_in()}
      </Button>
      <Button look="bare" onPress={onBack}>{m.code_back()}</Button>
    </Form>
  );
}
