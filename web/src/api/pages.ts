import { useInfiniteQuery } from "@tanstack/react-query";
import { ProblemError } from "./problem";

/** One page of a list, as every list of the API answers. */
interface ListPage<Item> {
  items: Item[];
  nextCursor?: string;
}

/** Reads the page after `cursor`, or the first one. */
type ReadPage<Item> = (
  cursor: { cursor?: string },
  signal: AbortSignal,
) => Promise<{ data?: ListPage<Item> | undefined }>;

/**
 * A list that is read page by page, as one list; `key` names it and everything it is asked with.
 * Its place among the answers is apart from that of the same call made once.
 */
export function usePages<Item>(key: readonly unknown[], read: ReadPage<Item>) {
  return useInfiniteQuery({
    queryKey: ["pages", ...key],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const { data } = await read(pageParam ? { cursor: pageParam } : {}, signal);
      if (!data) throw ProblemError.unreachable();
      return data;
    },
    getNextPageParam: (page) => page.nextCursor,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
}
