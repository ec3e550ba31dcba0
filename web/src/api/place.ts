import type { components } from "./schema";

type Resource = components["schemas"]["Resource"];

/** Whether an id names a person whose time is reserved, and not a machine. */
export function isHost(placeId: string): boolean {
  return placeId.startsWith("hst_");
}

/** Hosts have the calls that machines have under a path of their own; the id tells which it is. */
export function pathOf(path: string, params: Record<string, unknown>): string {
  const { machineId } = params;
  return typeof machineId === "string" && isHost(machineId) ? path.replace("/api/machines/", "/api/hosts/") : path;
}

/** What an answer about one machine or host tells of it. */
export function resourceOf(answer: { machine: Resource } | { host: Resource }): Resource {
  return "host" in answer ? answer.host : answer.machine;
}
