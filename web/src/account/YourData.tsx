import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Form, Heading } from "react-aria-components";
import { api, MARK, type Schemas } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { ButtonLink } from "../ui/ButtonLink";
import { AppDialog } from "../ui/Dialog";
import { TextField } from "../ui/Field";
import { Done, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

type User = Schemas["User"];
type PersonalData = Schemas["PersonalData"];

/** Everything held of a person, to take away or to have removed. */
export function YourData({ user }: { user: User }) {
  const [isErasing, setErasing] = useState(false);
  const take = useMutation({ mutationFn: async () => handOver(await everything(user.id)) });
  return (
    <Section title={m.data()}>
      <p className="max-w-prose">{m.data_text()}</p>
      {take.error && <ProblemNotice error={take.error} />}
      {take.isSuccess && <Done>{m.data_taken()}</Done>}
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => take.mutate()} isPending={take.isPending}>{m.data_take()}</Button>
        <Button look="stop" onPress={() => setErasing(true)}>{m.erase()}</Button>
      </div>
      <EraseDialog user={user} isOpen={isErasing} onOpenChange={setErasing} />
    </Section>
  );
}

/** All parts of what is held, as one; later parts bring further reservations only. */
async function everything(userId: string): Promise<PersonalData | undefined> {
  let whole: PersonalData | undefined;
  let cursor: string | undefined;
  do {
    const query = cursor ? { cursor } : {};
    const params = { path: { userId }, query, header: MARK };
    const { data } = await api.POST("/api/users/{userId}/export", { params, body: {} });
    if (!data) return whole;
    const { nextCursor, ...part } = data;
    whole = whole ? { ...whole, reservations: [...whole.reservations, ...part.reservations] } : part;
    cursor = nextCursor;
  } while (cursor);
  return whole;
}

function handOver(data: PersonalData | undefined): void {
  if (!data) return;
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, undefined, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `interlock-${data.exportedAt.slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

interface EraseProps {
  user: User;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

/** Names what is lost; the address typed once more is the yes. */
function EraseDialog({ user, isOpen, onOpenChange }: EraseProps) {
  const [typed, setTyped] = useState("");
  const erase = useMutation({
    mutationFn: () => {
      const params = { path: { userId: user.id }, header: MARK };
      return api.POST("/api/users/{userId}/erase", { params, body: { confirm: user.id } });
    },
  });
  const isSame = typed.trim().toLowerCase() === user.email.toLowerCase();
  return (
    <AppDialog isOpen={isOpen} onOpenChange={onOpenChange} isDismissable={!erase.isSuccess}>
      <Heading slot="title" className="text-title font-semibold">{m.erase_title()}</Heading>
      {erase.isSuccess ? (
        <>
          <Done>{m.erased()}</Done>
          <ButtonLink to="/login" search={{}} reloadDocument>{m.log_in()}</ButtonLink>
        </>
      ) : (
        <Form
          className="grid gap-5"
          onSubmit={(event) => {
            event.preventDefault();
            if (isSame) erase.mutate();
          }}
        >
          <p>{m.erase_effect()}</p>
          <TextField label={m.erase_type({ email: user.email })} value={typed} onChange={setTyped} autoComplete="off" isRequired />
          {erase.error && <ProblemNotice error={erase.error} />}
          <div className="flex flex-wrap justify-end gap-3">
            <Button onPress={() => onOpenChange(false)}>{m.erase_not()}</Button>
            <Button type="submit" look="stop" isDisabled={!isSame} isPending={erase.isPending}>{m.erase()}</Button>
          </div>
        </Form>
      )}
    </AppDialog>
  );
}
