import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../app/session";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { ButtonLink } from "../../ui/ButtonLink";
import { TextField } from "../../ui/Field";
import { Badge } from "../../ui/Guards";
import { Fault } from "../parts/FormDialog";
import { Empty, Loading, Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { matching, useByEmail, usePeople } from "../parts/people";
import { holds } from "../parts/rank";
import { roleName, StandingBadge } from "../parts/words";
import { Invite } from "./Invite";
import { Person } from "./Person";

type User = Schemas["User"];
const route = getRouteApi("/inside/admin/users");

/** Everybody with an account, and one of them in full. */
export default function Users() {
  const { find = "", user } = route.useSearch();
  const { data: me } = useSuspenseQuery(meQuery);
  const [isInviting, setInviting] = useState(false);
  const navigate = route.useNavigate();
  const isAdmin = holds(me.roles, "admin");
  return (
    <Page title={m.admin_nav_people()} aside={isAdmin && <Ways onInvite={() => setInviting(true)} />}>
      {user && <Person key={user} userId={user} me={me} />}
      <TextField
        label={m.admin_find_person()}
        type="search"
        value={find}
        onChange={(text) => void navigate({ search: (old) => ({ ...old, find: text || undefined }), replace: true })}
        className="max-w-md"
      />
      <List find={find} />
      {isInviting && <Invite onClose={() => setInviting(false)} />}
    </Page>
  );
}

function Ways({ onInvite }: { onInvite(): void }) {
  return (
    <div className="flex flex-wrap gap-3">
      <ButtonLink to="/admin/users/import" look="bare">{m.import_link()}</ButtonLink>
      <Button onPress={onInvite}>{m.admin_invite()}</Button>
    </div>
  );
}

function List({ find }: { find: string }) {
  const people = usePeople();
  const exact = useByEmail(find);
  if (people.isPending) return <Loading rows={4} />;
  if (people.error) return <Fault error={people.error} onRetry={() => void people.refetch()} />;
  const listed = matching(people.data, find);
  const known = new Set(listed.map((one) => one.id));
  const shown = [...listed, ...(exact.data ?? []).filter((one) => !known.has(one.id))];
  if (shown.length === 0) return <Empty text={m.admin_nobody_fits()} />;
  return <Table label={m.admin_nav_people()} columns={COLUMNS()} rows={shown} keyOf={(one) => one.id} />;
}

function Address({ one }: { one: User }) {
  return (
    <>
      <span className="break-all">{one.email}</span>
      {one.deadAddress && <span className="block text-note"><Badge tone="stop">{m.admin_dead_short()}</Badge></span>}
    </>
  );
}

const COLUMNS = () => [
  {
    name: m.admin_person(),
    cell: (one: User) => (
      <Link to="/admin/users" search={(old: object) => ({ ...old, user: one.id })} className="underline underline-offset-4">{one.name || one.id}</Link>
    ),
  },
  { name: m.email(), cell: (one: User) => <Address one={one} /> },
  { name: m.admin_roles(), cell: (one: User) => one.roles.map(roleName).join(", ") },
  { name: m.admin_standing(), cell: (one: User) => <StandingBadge status={one.status} /> },
];
