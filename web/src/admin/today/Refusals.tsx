import { today } from "@internationalized/date";
import { getRouteApi } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { ownZone } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { Bars } from "../../ui/Bars";
import { Select } from "../../ui/Field";
import { Empty, Loading, Section } from "../../ui/Page";
import { Fault } from "../parts/FormDialog";
import { usePlaces } from "../parts/places";
import { codeName } from "../users/codes";

const route = getRouteApi("/inside/admin/");
/** No machine is called so. */
const ALL = "*";
/** How many days back one may look; the API counts 92 at most at once. */
const DAYS = [7, 30, 90] as const;

/** What the gate refused lately and why, in everything or in one machine. */
export function Refusals() {
  const { days: wanted, of } = route.useSearch();
  const days = DAYS.find((count) => count === wanted) ?? DAYS[1];
  const navigate = route.useNavigate();
  const places = usePlaces();
  const to = today(ownZone());
  const query = { from: to.subtract({ days: days - 1 }).toString(), to: to.toString(), ...(of ? { machineId: of } : {}) };
  const found = $api.useQuery("get", "/api/refusals", { params: { query } });
  return (
    <Section title={m.admin_refusals()}>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
        <Select
          label={m.admin_refusals_days()}
          value={String(days)}
          options={DAYS.map((count) => ({ id: String(count), name: m.admin_last_days({ count }) }))}
          onChange={(id) => void navigate({ search: (old) => ({ ...old, days: Number(id) }), replace: true })}
          className="w-full sm:w-56"
        />
        <Select
          label={m.admin_refusals_of()}
          value={of ?? ALL}
          options={[{ id: ALL, name: m.admin_all() }, ...(places.data ?? []).map(({ id, name }) => ({ id, name }))]}
          onChange={(id) => void navigate({ search: (old) => ({ ...old, of: id === ALL ? undefined : id }), replace: true })}
          className="w-full sm:w-72"
        />
      </div>
      {found.isPending && <Loading rows={2} />}
      {found.error && <Fault error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && <Counted counts={found.data} />}
    </Section>
  );
}

function Counted({ counts }: { counts: Schemas["Refusals"] }) {
  if (counts.refused === 0) return <Empty text={m.admin_refusals_none()} />;
  const bars = counts.reasons.map(({ code, count }) => ({ name: codeName(code), value: count, text: String(count) }));
  return (
    <>
      <p role="status" className="figures">{m.admin_refusals_count({ count: counts.refused })}</p>
      <Bars title={m.admin_refused_by()} unit={m.admin_requests()} bars={bars} />
    </>
  );
}
