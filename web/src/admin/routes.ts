import type { QueryClient } from "@tanstack/react-query";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import * as v from "valibot";
import type { inside } from "../app/router";
import { needs } from "./parts/rank";
import { Refused } from "./Refused";

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const whole = v.optional(v.fallback(v.optional(v.number()), undefined));
const flag = v.optional(v.fallback(v.optional(v.boolean()), undefined));

/** The manager's side. Each page is a part of its own, and none is loaded for whoever may not see it. */
export function adminRoutes(parent: typeof inside) {
  const admin = frame(parent);
  return admin.addChildren([...managers(admin), ...admins(admin)]);
}

function frame(parent: typeof inside) {
  return createRoute({
    getParentRoute: () => parent,
    path: "/admin",
    beforeLoad: ({ context }) => needs(context.queryClient, "manager"),
    errorComponent: Refused,
    component: lazyRouteComponent(() => import("./AdminFrame")),
  });
}

type Admin = ReturnType<typeof frame>;

function managers(admin: Admin) {
  const getParentRoute = () => admin;
  const today = createRoute({
    getParentRoute,
    path: "/",
    validateSearch: v.object({ days: whole, of: text }),
    component: lazyRouteComponent(() => import("./today/Today")),
  });
  const checkouts = createRoute({
    getParentRoute,
    path: "/checkouts",
    validateSearch: v.object({ user: text, ready: flag }),
    component: lazyRouteComponent(() => import("./checkouts/Desk")),
  });
  const sessions = createRoute({
    getParentRoute,
    path: "/sessions",
    validateSearch: v.object({ of: text, view: text }),
    component: lazyRouteComponent(() => import("./sessions/Sessions")),
  });
  const machines = createRoute({
    getParentRoute,
    path: "/machines",
    validateSearch: v.object({ view: text }),
    component: lazyRouteComponent(() => import("./machines/Machines")),
  });
  const rules = createRoute({
    getParentRoute,
    path: "/machines/$machineId/rules",
    validateSearch: v.object({ view: text }),
    component: lazyRouteComponent(() => import("./rules/Rules")),
  });
  const users = createRoute({
    getParentRoute,
    path: "/users",
    validateSearch: v.object({ find: text, user: text }),
    component: lazyRouteComponent(() => import("./users/Users")),
  });
  const training = createRoute({
    getParentRoute,
    path: "/training",
    validateSearch: v.object({ view: text }),
    component: lazyRouteComponent(() => import("./training/Training")),
  });
  const notifications = createRoute({
    getParentRoute,
    path: "/notifications",
    validateSearch: v.object({ state: text }),
    component: lazyRouteComponent(() => import("./notifications/Notifications")),
  });
  return [today, checkouts, sessions, machines, rules, users, training, notifications] as const;
}

function admins(admin: Admin) {
  const guarded = {
    getParentRoute: () => admin,
    beforeLoad: ({ context }: { context: { queryClient: QueryClient } }) => needs(context.queryClient, "admin"),
    errorComponent: Refused,
  };
  const people = createRoute({
    ...guarded,
    path: "/users/import",
    component: lazyRouteComponent(() => import("./import/Import")),
  });
  const reconciliation = createRoute({
    ...guarded,
    path: "/reconciliation",
    validateSearch: v.object({ state: text, class: text }),
    component: lazyRouteComponent(() => import("./reconciliation/Reconciliation")),
  });
  const webhooks = createRoute({
    ...guarded,
    path: "/webhooks",
    validateSearch: v.object({ of: text, delivery: text }),
    component: lazyRouteComponent(() => import("./webhooks/Webhooks")),
  });
  const events = createRoute({
    ...guarded,
    path: "/webhook-events",
    validateSearch: v.object({ state: text, trigger: text, reservation: text, open: text }),
    component: lazyRouteComponent(() => import("./events/Events")),
  });
  const audit = createRoute({
    ...guarded,
    path: "/audit",
    validateSearch: v.object({ actor: text, object: text, action: text, request: text, from: text, to: text }),
    component: lazyRouteComponent(() => import("./audit/Audit")),
  });
  const health = createRoute({
    ...guarded,
    path: "/health",
    component: lazyRouteComponent(() => import("./health/Health")),
  });
  return [people, reconciliation, webhooks, events, audit, health] as const;
}
