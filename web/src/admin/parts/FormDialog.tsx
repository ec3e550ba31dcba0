import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Form, Heading } from "react-aria-components";
import { asProblem } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { AppDialog } from "../../ui/Dialog";
import { ProblemNotice } from "../../ui/ProblemNotice";

interface FormDialogProps {
  title: string;
  submit: string;
  look?: "main" | "stop";
  isOpen: boolean;
  onClose(): void;
  onSubmit(): void;
  isPending: boolean;
  error?: unknown;
  isReady?: boolean;
  children: ReactNode;
}

/** A question that is answered by a form: what was typed stays over every refusal. */
export function FormDialog(props: FormDialogProps) {
  const { title, submit, look = "main", isOpen, onClose, onSubmit, isPending, error, isReady = true } = props;
  const client = useQueryClient();
  const close = () => {
    // What is refused was often decided on something old: the page behind looks again.
    if (error) void client.invalidateQueries();
    onClose();
  };
  return (
    <AppDialog isOpen={isOpen} onOpenChange={(open) => open || close()}>
      <Heading slot="title" className="text-title font-semibold">{title}</Heading>
      <Form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          // A form in a dialog lies within the form around it, as far as React can tell.
          event.stopPropagation();
          onSubmit();
        }}
      >
        {props.children}
        {Boolean(error) && <Fault error={error} />}
        <div className="flex flex-wrap justify-end gap-3">
          <Button onPress={close}>{m.admin_close()}</Button>
          <Button type="submit" look={look} isPending={isPending} isDisabled={!isReady}>{submit}</Button>
        </div>
      </Form>
    </AppDialog>
  );
}

/** A refusal with every field that is wrong and the words of the API. */
export function Fault({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  return (
    <ProblemNotice error={error} onRetry={onRetry}>
      {problem.fields.length > 0 && (
        <ul className="grid gap-1">
          {problem.fields.map((field) => (
            <li key={field.pointer}><code className="font-mono text-note">{field.pointer}</code> {field.detail}</li>
          ))}
        </ul>
      )}
      {problem.reasons.map((reason) => <p key={reason.code}>{reason.sentence ?? reason.code}</p>)}
    </ProblemNotice>
  );
}
