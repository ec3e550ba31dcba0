import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useMatchRoute } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { holds } from "../admin/parts/rank";
import { m } from "../paraglide/messages";
import { stepUpAsked } from "../api/stepUp";
import { useFlag } from "../lib/flag";
import { meQuery, sessionLost } from "./session";

// Few sessions end while somebody looks, and few people are suspended: what is needed then is fetched then.
const SessionDialog = lazy(() => import("./SessionDialog"));
const StepUpDialog = lazy(() => import("./StepUpDialog"));
const Suspended = lazy(() => import("./Suspended"));

/** Everything around a page: the way past it, the ways to other pages, and what concerns all. */
export function Frame() {
  const { data: user } = useQuery(meQuery);
  const isLost = useFlag(sessionLost);
  const isStepUpAsked = useFlag(stepUpAsked);
  return (
    <div className="min-h-dvh pb-20 sm:pb-0">
      <a
        href="#page"
        className="sr-only z-50 bg-enamel px-4 py-3 font-semibold text-on-enamel focus:not-sr-only focus:fixed focus:top-2 focus:start-2"
      >
        {m.skip()}
      </a>
      <header className="border-b border-line bg-plate">
        <div className="mx-auto flex max-w-6xl items-stretch gap-8 px-4 sm:px-6">
          <Link to="/machines" search={{}} className="flex items-center gap-2.5 py-3.5 font-bold tracking-tight">
            <Mark />
            Interlock
          </Link>
          <Navigation />
          <div className="ms-auto flex min-w-0 items-stretch gap-6">
            {user && holds(user.roles, "manager") && <ToWorkshop />}
            <p className="hidden items-center truncate text-note text-soft md:flex">{user?.name}</p>
          </div>
        </div>
      </header>
      <Offline />
      {user?.status === "suspended" && (
        <Suspense>
          <Suspended suspension={user.suspension} />
        </Suspense>
      )}
      <main id="page" tabIndex={-1} className="mx-auto max-w-6xl px-4 py-7 outline-none sm:px-6 sm:py-10">
        <Outlet />
      </main>
      {isLost && (
        <Suspense>
          <SessionDialog email={user?.email ?? ""} />
        </Suspense>
      )}
      {isStepUpAsked && (
        <Suspense>
          <StepUpDialog />
        </Suspense>
      )}
    </div>
  );
}

function Navigation() {
  // People are found beside machines, on a page that has no way of its own here.
  const isAtHosts = useMatchRoute()({ to: "/hosts", fuzzy: true }) !== false;
  const places = [
    { to: "/machines", name: m.nav_machines() },
    { to: "/training", name: m.nav_training() },
    { to: "/reservations", name: m.nav_reservations() },
    { to: "/account", name: m.nav_account() },
  ] as const;
  return (
    <nav
      aria-label={m.nav()}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-plate sm:static sm:border-0"
    >
      <ul className="flex h-full justify-between sm:justify-start sm:gap-6">
        {places.map((place) => (
          <li key={place.to} className="flex min-w-0 flex-1 sm:flex-none">
            <Link
              to={place.to}
              search={{}}
              {...(isAtHosts && place.to === "/machines" ? { "aria-current": "page" } : {})}
              className="flex min-h-14 flex-1 items-center justify-center border-t-3 border-transparent px-1 text-note font-semibold text-soft hover:text-ink aria-[current=page]:border-enamel aria-[current=page]:text-ink sm:border-t-0 sm:border-b-3 sm:text-body"
            >
              {place.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The way to the manager's side, for whoever may take it. */
function ToWorkshop() {
  return (
    <Link
      to="/admin"
      className="flex items-center border-b-3 border-transparent px-1 font-semibold text-soft hover:text-ink aria-[current=page]:border-enamel aria-[current=page]:text-ink"
    >
      {m.admin_workshop()}
    </Link>
  );
}

/** Two halves that shut into each other. */
export function Mark() {
  return (
    <svg viewBox="0 0 18 18" aria-hidden="true" className="size-5">
      <path d="M0 1h12v6H6v4H0z" className="fill-enamel" />
      <path d="M18 17H6v-6h6V7h6z" className="fill-lamp" />
    </svg>
  );
}

function Offline() {
  const [off, setOff] = useState(false);
  useEffect(() => {
    const update = () => setOff(!navigator.onLine);
    update();
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, []);
  return (
    <div role="status">
      {off && <p className="bg-wait-wash px-4 py-2 text-center font-semibold text-wait">{m.offline()}</p>}
    </div>
  );
}
