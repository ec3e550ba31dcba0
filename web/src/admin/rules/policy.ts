import { useQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { useModuleTitles } from "../../app/coverage";
import { usePlaceNames } from "../parts/places";
import type { Names } from "./sentences";

export type Save = Schemas["PolicySave"];

/** What stands, with the tag a save must name. */
export interface Standing {
  overview: Schemas["PolicyOverview"];
  tag: string;
}

export async function readStanding(machineId: string, signal?: AbortSignal): Promise<Standing> {
  const params = { path: { machineId } };
  const { data, response } = await api.GET("/api/machines/{machineId}/policy", { params, ...(signal ? { signal } : {}) });
  if (!data || !("inForce" in data)) throw ProblemError.unreachable();
  return { overview: data, tag: response.headers.get("ETag") ?? "" };
}

export const standingKey = (machineId: string) => ["policy", machineId];

export function useStanding(machineId: string) {
  return useQuery({
    queryKey: standingKey(machineId),
    queryFn: ({ signal }) => readStanding(machineId, signal),
  });
}

/** Names of modules and machines, as far as they are known. */
export function useRuleNames(): Names {
  const titles = useModuleTitles();
  const place = usePlaceNames();
  return { module: (id) => titles.get(id) ?? id, place };
}
