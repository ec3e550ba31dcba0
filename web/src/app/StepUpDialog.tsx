import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Form, Heading } from "react-aria-components";
import { api, MARK } from "../api/client";
import { answerStepUp } from "../api/stepUp";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { AppDialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { ProblemNotice } from "../ui/ProblemNotice";
import { digitsOf } from "./codes";

/** Asks for a code before what is dangerous; the call that wanted it goes on by itself. */
export default function StepUpDialog() {
  const [text, setText] = useState("");
  const show = useMutation({
    mutationFn: () => api.POST("/api/auth/step-up", { params: { header: MARK }, body: { code: digitsOf(text) } }),
    onSuccess: () => answerStepUp(true),
  });
  return (
    <AppDialog isOpen onOpenChange={() => answerStepUp(false)}>
      <Heading slot="title" className="text-title font-semibold">{m.step_up()}</Heading>
      <p>{m.step_up_text()}</p>
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          show.mutate();
        }}
      >
        {show.error && <ProblemNotice error={show.error} />}
        <TextField
          label={m.code()}
          autoComplete="one-time-code"
          inputMode="numeric"
          value={text}
          onChange={setText}
          autoFocus
          isRequired
        />
        <div className="flex flex-wrap justify-end gap-3">
          <Button onPress={() => answerStepUp(false)}>{m.step_up_not()}</Button>
          <Button type="submit" look="main" isPending={show.isPending}>{m.step_up_show()}</Button>
        </div>
      </Form>
    </AppDialog>
  );
}
