import { useQuery } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import { readAll } from "./pages";

export type Place = Schemas["ResourceSummary"];

/** All machines. */
export function useMachines() {
  return useQuery({
    queryKey: ["admin", "machines"],
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      readAll<Place>(async (from) => (await api.GET("/api/machines", { params: { query: { limit: 100, ...from } }, signal })).data),
  });
}

/** All hosts. */
export function useHosts() {
  return useQuery({
    queryKey: ["admin", "hosts"],
    staleTime: 30_000,
    queryFn: ({ signal }) =>
      readAll<Place>(async (from) => (await api.GET("/api/hosts", { params: { query: { limit: 100, ...from } }, signal })).data),
  });
}

/** Machines and hosts together, for what concerns both. */
export function usePlaces() {
  const machines = useMachines();
  const hosts = useHosts();
  return {
    isPending: machines.isPending || hosts.isPending,
    error: machines.error ?? hosts.error,
    refetch: () => Promise.all([machines.refetch(), hosts.refetch()]),
    data: machines.data && hosts.data ? [...machines.data, ...hosts.data] : undefined,
  };
}

/** Names of machines and hosts by id. */
export function usePlaceNames(): (id: string | undefined) => string {
  const { data } = usePlaces();
  const names = new Map(data?.map((place) => [place.id, place.name]));
  return (id) => (id === undefined ? "" : (names.get(id) ?? id));
}

/** Everybody's reservations on something that start in a stretch of time. */
export function readReservations(machineId: string, span: { from?: string; to?: string }, signal?: AbortSignal) {
  return readAll<Schemas["Reservation"]>(
    async (from) => {
      const query = { machineId, sort: "start" as const, limit: 100, ...span, ...from };
      return (await api.GET("/api/reservations", { params: { query }, ...(signal ? { signal } : {}) })).data;
    },
    { most: 10 },
  );
}
