import { api, type Schemas } from "../../api/client";
import { readAll } from "./pages";
import { useQuery } from "@tanstack/react-query";

type User = Schemas["User"];

/** Most pages of people looked through; beyond them a whole address still finds everybody. */
const MOST_PAGES = 10;

/** People by age of their account, a thousand at most. */
export function usePeople() {
  return useQuery({
    queryKey: ["people"],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      readAll<User>(
        async (from) => (await api.GET("/api/users", { params: { query: { limit: 100, ...from } }, signal })).data,
        { most: MOST_PAGES },
      ),
  });
}

/** The one who has this address, where `text` is one. */
export function useByEmail(text: string) {
  const email = text.trim();
  return useQuery({
    queryKey: ["people", "by-email", email],
    enabled: /^\S+@\S+\.\S+$/.test(email),
    queryFn: async ({ signal }) =>
      (await api.GET("/api/users", { params: { query: { email } }, signal })).data?.items ?? [],
  });
}

/** Names by id; an id that is not known stands for itself. */
export function useNames(): (id: string | undefined) => string {
  const { data } = usePeople();
  const names = new Map(data?.map((user) => [user.id, user.name]));
  return (id) => (id === undefined ? "" : (names.get(id) ?? id));
}

/** Whoever has `text` in name or address. */
export function matching(people: readonly User[], text: string): User[] {
  const wanted = text.trim().toLocaleLowerCase();
  return people.filter((user) => `${user.name} ${user.email}`.toLocaleLowerCase().includes(wanted));
}
