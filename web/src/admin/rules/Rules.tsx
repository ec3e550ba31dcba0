import { getRouteApi, Link } from "@tanstack/react-router";
import { isHost } from "../../api/place";
import { m } from "../../paraglide/messages";
import { Fault } from "../parts/FormDialog";
import { Loading, Page } from "../../ui/Page";
import { usePlaceNames } from "../parts/places";
import { Views } from "../../ui/Views";
import { Edit } from "./Edit";
import { History } from "./History";
import { useStanding } from "./policy";
import { Stands } from "./Stands";

const route = getRouteApi("/inside/admin/machines/$machineId/rules");
const VIEWS = { rules: m.admin_rules_stand, edit: m.admin_rules_edit, history: m.history };

/** The rules of one machine or host: what stands, what would be otherwise, what was before. */
export default function Rules() {
  const { machineId } = route.useParams();
  const { view = "rules" } = route.useSearch();
  const nameOf = usePlaceNames();
  const standing = useStanding(machineId);
  const views = Object.entries(VIEWS).map(([id, name]) => ({
    id,
    name: name(),
    link: { to: "/admin/machines/$machineId/rules" as const, params: { machineId }, search: { view: id } },
  }));
  return (
    <Page
      title={m.admin_rules_of({ name: nameOf(machineId) })}
      over={
        <Link to="/admin/machines" search={isHost(machineId) ? { view: "hosts" } : {}} className="underline underline-offset-4">
          {isHost(machineId) ? m.nav_hosts() : m.nav_machines()}
        </Link>
      }
    >
      <Views label={m.views()} views={views} current={view} />
      {standing.isPending && <Loading rows={4} />}
      {standing.error && <Fault error={standing.error} onRetry={() => void standing.refetch()} />}
      {standing.data && view === "rules" && <Stands machineId={machineId} standing={standing.data} />}
      {standing.data && view === "edit" && <Edit key={machineId} machineId={machineId} standing={standing.data} />}
      {standing.data && view === "history" && <History machineId={machineId} standing={standing.data} />}
    </Page>
  );
}
