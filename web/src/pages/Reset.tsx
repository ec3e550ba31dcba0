import { useMutation } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "../api/client";
import { asProblem } from "../api/problem";
import { Doorway } from "../app/Doorway";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { faultAt, TextField } from "../ui/Field";
import { Done } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** Where a letter about a password leads: the token stands behind the `#`, where no server sees it. */
export default function Reset() {
  const { hash } = useLocation();
  const token = new URLSearchParams(hash).get("token");
  const [isAskingAnew, setAskingAnew] = useState(false);
  if (!token || isAskingAnew) return <Ask />;
  return <Choose token={token} onAskAnew={() => setAskingAnew(true)} />;
}

function Ask() {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => api.POST("/api/auth/reset-request", { body: { email } }),
  });
  return (
    <Doorway title={m.forgotten()}>
      {ask.isSuccess && <Done>{m.reset_asked({ email })}</Done>}
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        {ask.error && <ProblemNotice error={ask.error} />}
        <TextField
          label={m.email()}
          hint={m.reset_hint()}
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
        />
        <Button type="submit" look="main" isPending={ask.isPending}>{m.reset_ask()}</Button>
      </Form>
      <p><ButtonLink to="/login" search={{}} look="bare">{m.log_in()}</ButtonLink></p>
    </Doorway>
  );
}

function Choose({ token, onAskAnew }: { token: string; onAskAnew(): void }) {
  const [newPassword, setPassword] = useState("");
  const choose = useMutation({
    mutationFn: () => api.POST("/api/auth/reset", { body: { token, newPassword } }),
  });
  if (choose.isSuccess) {
    return (
      <Doorway title={m.reset_title()}>
        <Done>{m.reset_done()}</Done>
        <p><ButtonLink to="/login" search={{}} look="main">{m.log_in()}</ButtonLink></p>
      </Doorway>
    );
  }
  const problem = choose.error ? asProblem(choose.error) : undefined;
  const isSpent = faultAt(problem, "/token") !== undefined;
  return (
    <Doorway title={m.reset_title()}>
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          choose.mutate();
        }}
      >
        {problem && (
          <ProblemNotice error={problem} {...(isSpent ? { lead: m.reset_spent() } : {})}>
            {isSpent && <Button onPress={onAskAnew}>{m.reset_ask()}</Button>}
          </ProblemNotice>
        )}
        <TextField
          label={m.password_new()}
          hint={m.password_hint()}
          error={faultAt(problem, "/newPassword")}
          type="password"
          autoComplete="new-password"
          value={newPassword}
          onChange={setPassword}
          minLength={8}
          isRequired
        />
        <Button type="submit" look="main" isPending={choose.isPending}>{m.reset_choose()}</Button>
      </Form>
    </Doorway>
  );
}
