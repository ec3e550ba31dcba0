import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../../app/session";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Empty, Loading, Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { type Place, useMachines } from "../parts/places";
import { holds } from "../parts/rank";
import { Acts, Ahead, Name, State } from "./cells";
import { CreateDialog } from "./CreateDialog";

/** Every machine with its state, and what a manager does to it. */
export default function Machines() {
  const machines = useMachines();
  const { data: user } = useSuspenseQuery(meQuery);
  const [isMaking, setMaking] = useState(false);
  const isAdmin = holds(user.roles, "admin");
  return (
    <Page
      title={m.nav_machines()}
      aside={isAdmin && <Button onPress={() => setMaking(true)}>{m.admin_machine_new()}</Button>}
    >
      {machines.isPending && <Loading rows={4} />}
      {machines.error && <Fault error={machines.error} onRetry={() => void machines.refetch()} />}
      {machines.data?.length === 0 && <Empty text={m.machines_none()} />}
      {machines.data && machines.data.length > 0 && (
        <Table label={m.nav_machines()} columns={COLUMNS(isAdmin)} rows={machines.data} keyOf={(place) => place.id} />
      )}
      {isMaking && <CreateDialog onClose={() => setMaking(false)} />}
    </Page>
  );
}

const COLUMNS = (isAdmin: boolean) => [
  { name: m.machine(), cell: (place: Place) => <Name place={place} /> },
  { name: m.admin_state(), cell: (place: Place) => <State place={place} /> },
  { name: m.admin_next_week(), cell: (place: Place) => <Ahead place={place} />, isFigure: true },
  { name: m.admin_act(), cell: (place: Place) => <Acts place={place} isAdmin={isAdmin} /> },
];
