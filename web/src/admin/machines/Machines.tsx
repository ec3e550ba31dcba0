import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../app/session";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Empty, Loading, Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { Views } from "../../ui/Views";
import { type Place, useHosts, useMachines } from "../parts/places";
import { holds } from "../parts/rank";
import { Acts, Ahead, Asked, Name, State } from "./cells";
import { CreateDialog } from "./CreateDialog";
import { HostDialog } from "./HostDialog";

const route = getRouteApi("/inside/admin/machines");

/** Every machine, or every host, with its state, and what a manager does to it. */
export default function Machines() {
  const isHosts = route.useSearch().view === "hosts";
  const [machines, hosts] = [useMachines(), useHosts()];
  const places = isHosts ? hosts : machines;
  const { data: user } = useSuspenseQuery(meQuery);
  const [isMaking, setMaking] = useState(false);
  const isAdmin = holds(user.roles, "admin");
  const title = isHosts ? m.nav_hosts() : m.nav_machines();
  return (
    <Page
      title={title}
      aside={isAdmin && <Button onPress={() => setMaking(true)}>{isHosts ? m.admin_host_new() : m.admin_machine_new()}</Button>}
    >
      <Views label={m.what_to_reserve()} views={VIEWS()} current={isHosts ? "hosts" : "machines"} />
      {places.isPending && <Loading rows={4} />}
      {places.error && <Fault error={places.error} onRetry={() => void places.refetch()} />}
      {places.data?.length === 0 && <Empty text={isHosts ? m.hosts_none() : m.machines_none()} />}
      {places.data && places.data.length > 0 && (
        <Table key={title} label={title} columns={COLUMNS(isAdmin)} rows={places.data} keyOf={(place) => place.id} />
      )}
      {isMaking && (isHosts ? <HostDialog onClose={() => setMaking(false)} /> : <CreateDialog onClose={() => setMaking(false)} />)}
    </Page>
  );
}

const VIEWS = () => [
  { id: "machines", name: m.nav_machines(), link: { to: "/admin/machines", search: {} } } as const,
  { id: "hosts", name: m.nav_hosts(), link: { to: "/admin/machines", search: { view: "hosts" } } } as const,
];

const COLUMNS = (isAdmin: boolean) => [
  { name: m.admin_name(), cell: (place: Place) => <Name place={place} /> },
  { name: m.admin_state(), cell: (place: Place) => <State place={place} /> },
  { name: m.admin_asked(), cell: (place: Place) => <Asked place={place} /> },
  { name: m.admin_next_week(), cell: (place: Place) => <Ahead place={place} />, isFigure: true },
  { name: m.admin_act(), cell: (place: Place) => <Acts place={place} isAdmin={isAdmin} /> },
];
