import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK } from "../api/client";
import { asProblem } from "../api/problem";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { faultAt, TextField } from "../ui/Field";
import { Done, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** Changes the password; what was typed stays over every refusal. */
export function Password({ email }: { email: string }) {
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
  const problem = change.error ? asProblem(change.error) : undefined;
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
        <TextField
          label={m.password_now()}
          error={faultAt(problem, "/currentPassword")}
          type="password"
          autoComplete="current-password"
          value={currentPassword}
          onChange={setCurrent}
          isRequired
        />
        <TextField
          label={m.password_new()}
          hint={m.password_hint()}
          error={faultAt(problem, "/newPassword")}
          type="password"
          autoComplete="new-password"
          value={newPassword}
          onChange={setNew}
          minLength={8}
          isRequired
        />
        {problem && <ProblemNotice error={problem} />}
        {change.isSuccess && <Done>{m.password_changed()}</Done>}
        <Button type="submit" className="justify-self-start" isPending={change.isPending}>{m.change_password()}</Button>
      </Form>
    </Section>
  );
}
