import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { CodeForm } from "./CodeForm";

interface LoginProps {
  email?: string;
  onLogin(user: Schemas["User"]): void;
}

/** E-mail and password, and a code from whoever has a second factor. What was typed stays over every refusal. */
export function LoginForm({ email: known = "", onLogin }: LoginProps) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState("");
  const login = useMutation({
    mutationFn: async () => (await api.POST("/api/auth/login", { body: { email, password } })).data,
    onSuccess: (data) => data && "user" in data && onLogin(data.user),
  });
  if (login.data && "pending" in login.data) return <CodeForm onLogin={onLogin} onBack={() => login.reset()} />;
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
        label={m.email()}
        type="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
        isReadOnly={known !== ""}
        isRequired
      />
      <TextField
        label={m.password()}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        autoFocus={known !== ""}
        isRequired
      />
      <Button type="submit" look="main" isPending={login.isPending}>
        {login.isPending ? m.logging_in() : m.log_in()}
      </Button>
    </Form>
  );
}
