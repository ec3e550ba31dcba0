import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { meQuery } from "../app/session";
import { m } from "../paraglide/messages";
import { holds } from "./parts/rank";

const BENCH = [
  { to: "/admin", name: m.admin_nav_today },
  { to: "/admin/checkouts", name: m.admin_nav_checkouts },
  { to: "/admin/sessions", name: m.admin_nav_sessions },
] as const;
const HOUSE = [
  { to: "/admin/machines", name: m.admin_nav_machines },
  { to: "/admin/users", name: m.admin_nav_people },
  { to: "/admin/training", name: m.nav_training },
  { to: "/admin/notifications", name: m.admin_nav_letters },
] as const;
const WORKS = [
  { to: "/admin/reconciliation", name: m.admin_nav_drift },
  { to: "/admin/webhook-events", name: m.admin_nav_deliveries },
  { to: "/admin/webhooks", name: m.admin_nav_webhooks },
  { to: "/admin/audit", name: m.admin_nav_audit },
  { to: "/admin/health", name: m.admin_nav_health },
] as const;

type Place = (typeof BENCH | typeof HOUSE | typeof WORKS)[number];
const GROUPS: readonly { name: () => string; places: readonly Place[] }[] = [
  { name: m.admin_nav_bench, places: BENCH },
  { name: m.admin_nav_house, places: HOUSE },
  { name: m.admin_nav_works, places: WORKS },
];

/** The manager's side: its own ways beside the page, or above it where the window is narrow. */
export default function AdminFrame() {
  const { data: user } = useSuspenseQuery(meQuery);
  return (
    <div className="grid gap-7 lg:grid-cols-[10.5rem_minmax(0,1fr)] lg:gap-10">
      <nav aria-label={m.admin_nav()} className="-mx-4 overflow-x-auto px-4 lg:mx-0 lg:overflow-visible lg:px-0">
        <div className="flex gap-x-5 lg:sticky lg:top-6 lg:grid lg:gap-6">
          <Group title={m.admin_nav_bench()} places={BENCH} />
          <Group title={m.admin_nav_house()} places={HOUSE} />
          {holds(user.roles, "admin") && <Group title={m.admin_nav_works()} places={WORKS} />}
        </div>
      </nav>
      <div className="min-w-0">
        <Crumbs />
        <Outlet />
      </div>
    </div>
  );
}

/** Where a page lies: the workshop, a part of it, and the way back from what lies deeper. */
function Crumbs() {
  const at = useLocation({ select: ({ pathname }) => pathname });
  const all = GROUPS.flatMap(({ name, places }) => places.map((place) => ({ part: name, place })));
  // Every page lies below the first of them, so the last that fits is meant.
  const found = all.findLast(({ place }) => at === place.to || at.startsWith(`${place.to}/`));
  if (!found) return null;
  const { part, place } = found;
  const look = "inline-flex min-h-6 items-center underline underline-offset-4 hover:text-ink";
  const exact = { exact: true, includeSearch: false };
  return (
    <nav aria-label={m.admin_crumbs()} className="mb-4">
      <ol className="flex flex-wrap items-center gap-x-2 text-note text-soft">
        <li><Link to="/admin" activeOptions={exact} className={look}>{m.admin_workshop()}</Link></li>
        <li><span aria-hidden="true">/ </span>{part()}</li>
        <li>
          <span aria-hidden="true">/ </span>
          {at === place.to ? (
            <span aria-current="page">{place.name()}</span>
          ) : (
            <Link to={place.to} search={{}} activeOptions={exact} className={look}>{place.name()}</Link>
          )}
        </li>
      </ol>
    </nav>
  );
}

function Group({ title, places }: { title: string; places: readonly Place[] }) {
  return (
    <div className="lg:grid lg:gap-1">
      <p className="hidden text-note font-semibold tracking-wide text-soft lg:block">{title}</p>
      <ul className="flex gap-x-5 lg:grid lg:gap-0">
        {places.map((place) => (
          <li key={place.to} className="flex">
            <Link
              to={place.to}
              search={{}}
              activeOptions={{ exact: place.to === "/admin", includeSearch: false }}
              className="flex min-h-11 items-center border-b-3 border-transparent font-semibold whitespace-nowrap text-soft hover:text-ink aria-[current=page]:border-enamel aria-[current=page]:text-ink lg:min-h-9 lg:border-b-0 lg:border-s-3 lg:ps-3"
            >
              {place.name()}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
