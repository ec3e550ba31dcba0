import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
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
    onSuccess: (data) => data && onLogin(data.user),
  });
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
