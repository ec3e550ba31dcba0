import { type InfiniteData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "./FormDialog";
import { Empty, Loading } from "../../ui/Page";

export interface Page<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Where a page begins, as a part of the query of the call. */
export type From = { cursor?: string };
type Read<Found> = (from: From, signal: AbortSignal) => Promise<Found | undefined>;

/** A list that is read page by page; `first` holds what came with the first page alone. */
export function usePages<Item, Found extends Page<Item> = Page<Item>>(
  key: QueryKey,
  read: Read<Found>,
  /** In how many milliseconds it is worth looking again, by what is there. */
  again: (items: Item[]) => number | false = () => false,
) {
  const query = useInfiniteQuery<Found, Error, InfiniteData<Found, string>, QueryKey, string>({
    queryKey: key,
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const found = await read(pageParam ? { cursor: pageParam } : {}, signal);
      if (!found) throw ProblemError.unreachable();
      return found;
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (now) => again(now.state.data?.pages.flatMap((page) => page.items) ?? []),
  });
  return { ...query, first: query.data?.pages[0], items: query.data?.pages.flatMap((page) => page.items) };
}

export type Pages<Item> = ReturnType<typeof usePages<Item>>;

interface ListedProps<Item> {
  list: Pick<Pages<Item>, "isPending" | "error" | "refetch" | "items" | "hasNextPage" | "fetchNextPage" | "isFetchingNextPage">;
  empty: string;
  children(items: Item[]): ReactNode;
}

/** A list in each of its states: on its way, refused, empty, and there. */
export function Listed<Item>({ list, empty, children }: ListedProps<Item>) {
  return (
    <div className="grid gap-4">
      {list.isPending && <Loading rows={3} />}
      {list.error && <Fault error={list.error} onRetry={() => void list.refetch()} />}
      {list.items && list.items.length === 0 && !list.hasNextPage && <Empty text={empty} />}
      {list.items && list.items.length > 0 && children(list.items)}
      {list.hasNextPage && (
        <Button className="justify-self-start" onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>
          {m.more()}
        </Button>
      )}
    </div>
  );
}

/** Every item of a list, page after page up to `most` pages; tells how many there are so far. */
export async function readAll<Item>(
  read: (from: From) => Promise<Page<Item> | undefined>,
  options: { most?: number; onProgress?: (count: number) => void } = {},
): Promise<Item[]> {
  const { most = 50, onProgress } = options;
  const all: Item[] = [];
  let from: From = {};
  for (let round = 0; round < most; round += 1) {
    const page = await read(from);
    all.push(...(page?.items ?? []));
    onProgress?.(all.length);
    if (!page?.nextCursor) break;
    from = { cursor: page.nextCursor };
  }
  return all;
}
