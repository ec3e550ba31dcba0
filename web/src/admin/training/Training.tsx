import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { meQuery } from "../../app/session";
import { m } from "../../paraglide/messages";
import { Page } from "../../ui/Page";
import { Views } from "../../ui/Views";
import { holds } from "../parts/rank";
import { Modules } from "./Modules";
import { Waiting } from "./Waiting";

const route = getRouteApi("/inside/admin/training");
const VIEWS = { modules: m.admin_modules, waiting: m.admin_waiting };

/** Modules, and watches that wait for somebody to look at them. */
export default function Training() {
  const { view: wanted } = route.useSearch();
  const view = wanted === "waiting" ? "waiting" : "modules";
  const { data: user } = useSuspenseQuery(meQuery);
  const views = Object.entries(VIEWS).map(([id, name]) => ({
    id,
    name: name(),
    link: { to: "/admin/training" as const, search: { view: id } },
  }));
  return (
    <Page title={m.nav_training()}>
      <Views label={m.views()} views={views} current={view} />
      {view === "modules" ? <Modules isAdmin={holds(user.roles, "admin")} /> : <Waiting />}
    </Page>
  );
}
