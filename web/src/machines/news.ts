import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas } from "../api/client";
import { resourceOf } from "../api/place";
import { ProblemError } from "../api/problem";
import { few } from "../lib/few";

/** How far ahead a card looks for a free time, in days. */
export const REACH = 14;
/** How long an answer stays good, in milliseconds. */
const FRESH_MS = 60_000;
/** Cards in view are many, and each asks; behind the API stands a calendar that counts calls. */
const inTurn = few(3);

/** Start of the first time that the person may reserve; nothing where there is none within reach. */
export function nextFree(machineId: string) {
  return queryOptions({
    queryKey: ["card", "next-free", machineId],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      inTurn(async () => {
        const now = Date.now();
        const [start, end] = [now, now + REACH * 86_400_000].map((at) => new Date(at).toISOString()) as [string, string];
        const params = { path: { machineId }, query: { start, end } };
        const { data } = await api.GET("/api/machines/{machineId}/availability", { params, signal });
        if (!data) throw ProblemError.unreachable();
        return data.nearestBookable ?? null;
      }),
  });
}

/** What a machine or host tells of the outages that are not over. */
export function outagesOf(machineId: string) {
  return queryOptions({
    queryKey: ["card", "outages", machineId],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) =>
      inTurn(async () => {
        const { data } = await api.GET("/api/machines/{machineId}", { params: { path: { machineId } }, signal });
        if (!data) throw ProblemError.unreachable();
        return resourceOf(data).outages ?? [];
      }),
  });
}

type Outage = Schemas["MachineOutage"];

/** The outage that runs at `now` (milliseconds) and ends last; one without an end ends never. */
export function running(outages: readonly Outage[], now: number): Outage | undefined {
  const endOf = ({ endsAt }: Outage) => (endsAt ? Date.parse(endsAt) : Infinity);
  return outages
    .filter((one) => Date.parse(one.startsAt) <= now && endOf(one) > now)
    .toSorted((left, right) => (endOf(left) < endOf(right) ? 1 : -1))[0];
}
