import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, MARK } from "../../api/client";
import { useSecondsTo } from "../../ui/seconds";
import type { Row } from "./rows";
import { invite, type Outcome } from "./run";

/** Invites who is new, row by row; it can be stopped, and goes on with the rows that are left. */
export function useRun(rows: readonly Row[]) {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<number, Outcome>>(new Map());
  const [until, setUntil] = useState(0);
  const control = useRef<AbortController>(undefined);
  const open = rows.filter((row) => row.verdict === "new" && !outcomes.has(row.line));
  const work = useMutation({
    mutationFn: () => {
      const stop = new AbortController();
      control.current = stop;
      return invite(open, {
        create: ({ email, name, roles, timeZone }) => {
          const body = { email, name, roles, timeZone };
          const header = { ...MARK, "Idempotency-Key": keyFor(body) };
          return api.POST("/api/users", { params: { header }, body });
        },
        wait: (seconds) => {
          setUntil(Date.now() + seconds * 1000);
          return pause(seconds, stop.signal);
        },
        onRow: (row, outcome) => setOutcomes((old) => new Map(old).set(row.line, outcome)),
        signal: stop.signal,
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["people"] }),
  });
  // Whoever leaves has stopped it: the same file goes on where it was, as who was invited is there.
  useEffect(() => () => control.current?.abort(), []);
  const made = [...outcomes.values()].filter(({ kind }) => kind === "made").length;
  return {
    outcomes,
    made,
    left: open.length,
    isPending: work.isPending,
    error: work.error,
    wait: useSecondsTo(until),
    start: () => work.mutate(),
    stop: () => control.current?.abort(),
  };
}

/** The key of one row: whoever goes on with it says the same again, and whoever changes it another wish. */
const keys = new Map<string, string>();

function keyFor(body: object): string {
  const said = JSON.stringify(body);
  const key = keys.get(said) ?? crypto.randomUUID();
  keys.set(said, key);
  return key;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
