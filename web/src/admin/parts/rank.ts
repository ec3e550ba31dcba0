import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { meQuery } from "../../app/session";

type Role = Schemas["Role"];
const RANKS: Record<Role, number> = { member: 0, host: 0, manager: 1, admin: 2 };

/** Whether somebody with these roles may do what is for `role`; the API judges all the same. */
export function holds(roles: readonly Role[], role: Role): boolean {
  return roles.some((own) => RANKS[own] >= RANKS[role]);
}

/** Stops the way to a page for `role` before its part is loaded. */
export async function needs(client: QueryClient, role: "manager" | "admin"): Promise<void> {
  const user = await client.ensureQueryData(meQuery);
  if (!holds(user.roles, role)) throw new ProblemError({ status: 403, code: "role_required", title: role });
}
