import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Page, Section } from "../../ui/Page";
import { Fault } from "../parts/FormDialog";
import { matching, useByEmail, usePeople } from "../parts/people";
import { StandingBadge } from "../parts/words";
import { PersonCard } from "./PersonCard";
import { Queue } from "./Queue";

const route = getRouteApi("/inside/admin/checkouts");
const MOST_SHOWN = 8;

/** The desk: who waits, and whoever stands before it. */
export default function Desk() {
  const { user } = route.useSearch();
  return (
    <Page title={m.admin_nav_checkouts()}>
      <Search key={user ?? "nobody"} />
      {user && <PersonCard userId={user} />}
      <Section title={m.admin_queue()}><Queue /></Section>
    </Page>
  );
}

/** A name or address and Enter opens the first who fits. */
function Search() {
  const [text, setText] = useState("");
  const people = usePeople();
  const exact = useByEmail(text);
  const navigate = route.useNavigate();
  const open = (user: string) => void navigate({ search: { user } });
  const listed = text.trim().length > 0 ? matching(people.data ?? [], text) : [];
  const known = new Set(listed.map((one) => one.id));
  const found = [...listed, ...(exact.data ?? []).filter((one) => !known.has(one.id))];
  return (
    <search>
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          const first = found[0];
          if (first) open(first.id);
        }}
      >
        <TextField
          label={m.admin_find_person()}
          hint={m.admin_find_person_hint()}
          type="search"
          value={text}
          onChange={setText}
          className="max-w-md"
        />
        <p role="status" className="sr-only">{text && people.data ? m.admin_found({ count: found.length }) : ""}</p>
        {people.error && <Fault error={people.error} onRetry={() => void people.refetch()} />}
        {found.length > 0 && (
          <ul className="grid max-w-md gap-px overflow-hidden rounded-cut border border-line bg-line">
            {found.slice(0, MOST_SHOWN).map((one) => (
              <li key={one.id} className="flex items-center justify-between gap-4 bg-plate pe-4">
                <Button look="bare" className="min-w-0 justify-start px-4 text-start" onPress={() => open(one.id)}>
                  {one.name} <span className="truncate font-normal text-soft">{one.email}</span>
                </Button>
                <StandingBadge status={one.status} />
              </li>
            ))}
          </ul>
        )}
        {text && people.data && found.length === 0 && <p>{m.admin_nobody_fits()}</p>}
      </form>
    </search>
  );
}
