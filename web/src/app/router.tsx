import {
  type ErrorComponentProps,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import type { QueryClient } from "@tanstack/react-query";
import * as v from "valibot";
import { adminRoutes } from "../admin/routes";
import { isHost } from "../api/place";
import { LoadingPage } from "../ui/Page";
import { Alone, Broken, Lost } from "./Broken";
import { Frame } from "./Frame";
import { queryClient } from "./query";
import { isSessionLoss, lacksFactor, meQuery } from "./session";

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: Lost,
});

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const flag = v.optional(v.fallback(v.optional(v.boolean()), undefined));
const whole = v.optional(v.fallback(v.optional(v.number()), undefined));

/** For pages that no frame is around when they are late or missing. */
const ALONE = {
  pendingComponent: () => <Alone><LoadingPage /></Alone>,
  errorComponent: (props: ErrorComponentProps) => <Alone><Broken {...props} /></Alone>,
};

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: v.object({ next: text, out: flag }),
  ...ALONE,
  component: lazyRouteComponent(() => import("../pages/Login")),
});

const logout = createRoute({
  getParentRoute: () => root,
  path: "/logout",
  ...ALONE,
  component: lazyRouteComponent(() => import("../pages/Logout")),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  ...ALONE,
  component: lazyRouteComponent(() => import("../pages/Reset")),
});

/** The session is looked up here and not in the root: the login page needs none. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery).catch((error: unknown) => {
      if (isSessionLoss(error)) throw redirect({ to: "/login", search: { next: location.href } });
      throw error;
    });
    if (lacksFactor(me) && location.pathname !== "/account") throw redirect({ to: "/account" });
  },
  ...ALONE,
  component: Frame,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/machines", search: {} });
  },
});

/** Addresses that people know from elsewhere lead into the same flow. */
const book = createRoute({
  getParentRoute: () => inside,
  path: "/book",
  validateSearch: v.object({ machine: text }),
  beforeLoad: ({ search: { machine: machineId } }) => {
    if (!machineId) throw redirect({ to: "/machines", search: {} });
    throw redirect({ to: "/machines/$machineId/reserve", params: { machineId }, search: {} });
  },
});

const machines = createRoute({
  getParentRoute: () => inside,
  path: "/machines",
  validateSearch: v.object({ find: text, area: text, ready: flag, zone: text }),
  component: lazyRouteComponent(() => import("../pages/Machines")),
});

const machine = createRoute({
  getParentRoute: () => inside,
  path: "/machines/$machineId",
  beforeLoad: ({ params: { machineId } }) => {
    if (isHost(machineId)) throw redirect({ to: "/hosts/$hostId", params: { hostId: machineId } });
  },
  component: lazyRouteComponent(() => import("../pages/Machine")),
});

const reserve = createRoute({
  getParentRoute: () => inside,
  path: "/machines/$machineId/reserve",
  validateSearch: v.object({ day: text, zone: text, type: whole, move: text }),
  component: lazyRouteComponent(() => import("../pages/Reserve")),
});

/** Hosts are found and reserved on the pages of machines. */
const hosts = createRoute({
  getParentRoute: () => inside,
  path: "/hosts",
  validateSearch: v.object({ find: text, area: text, ready: flag, zone: text }),
  component: lazyRouteComponent(() => import("../pages/Machines")),
});

const host = createRoute({
  getParentRoute: () => inside,
  path: "/hosts/$hostId",
  component: lazyRouteComponent(() => import("../pages/Machine")),
});

const reserveHost = createRoute({
  getParentRoute: () => inside,
  path: "/hosts/$hostId/reserve",
  validateSearch: v.object({ day: text, zone: text, type: whole, move: text }),
  component: lazyRouteComponent(() => import("../pages/Reserve")),
});

const training = createRoute({
  getParentRoute: () => inside,
  path: "/training",
  component: lazyRouteComponent(() => import("../pages/Training")),
});

const watch = createRoute({
  getParentRoute: () => inside,
  path: "/training/$moduleId",
  // What YouTube left in the page, and the policy that let it in, end with the page.
  onLeave: () => "YT" in window && location.reload(),
  component: lazyRouteComponent(() => import("../pages/Watch")),
});

const reservations = createRoute({
  getParentRoute: () => inside,
  path: "/reservations",
  validateSearch: v.object({ view: text }),
  component: lazyRouteComponent(() => import("../pages/Reservations")),
});

const reservation = createRoute({
  getParentRoute: () => inside,
  path: "/reservations/$reservationId",
  validateSearch: v.object({ from: text }),
  component: lazyRouteComponent(() => import("../pages/Reservation")),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("../pages/Account")),
});

const tree = root.addChildren([
  login,
  logout,
  reset,
  inside.addChildren([
    home, book, machines, machine, reserve, hosts, host, reserveHost, training, watch, reservations, reservation, account,
    adminRoutes(inside),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  scrollRestoration: true,
  // A slow answer shows that something is under way before anybody doubts it.
  defaultPendingMs: 200,
  defaultPendingComponent: LoadingPage,
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
