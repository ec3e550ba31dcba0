import { useQueries } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { $api } from "../api/hooks";
import { isHost, resourceOf } from "../api/place";

/** The machine or host that the address names. */
export function usePlaceId(): string {
  const { machineId, hostId } = useParams({ strict: false });
  return machineId ?? hostId ?? "";
}

/** A machine or host with all that only its own page tells. */
export function usePlace(placeId: string) {
  return $api.useQuery("get", "/api/machines/{machineId}", { params: { path: { machineId: placeId } } }, {
    select: resourceOf,
  });
}

/** What these machines and hosts are called; each by its id until that is known. */
export function usePlaceNames(ids: readonly string[]): (id: string) => string {
  const found = useQueries({
    queries: ids.map((machineId) => $api.queryOptions("get", "/api/machines/{machineId}", { params: { path: { machineId } } })),
  });
  const names = new Map(found.flatMap(({ data }) => (data ? [[resourceOf(data).id, resourceOf(data).name] as const] : [])));
  return (id) => names.get(id) ?? id;
}

/** Where a machine or host is told of. */
export function pageOf(placeId: string) {
  return isHost(placeId)
    ? ({ to: "/hosts/$hostId", params: { hostId: placeId } } as const)
    : ({ to: "/machines/$machineId", params: { machineId: placeId } } as const);
}

/** Where it is reserved. */
export function reserveOf(placeId: string) {
  return isHost(placeId)
    ? ({ to: "/hosts/$hostId/reserve", params: { hostId: placeId } } as const)
    : ({ to: "/machines/$machineId/reserve", params: { machineId: placeId } } as const);
}
