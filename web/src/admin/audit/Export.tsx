import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Work } from "../../ui/Work";
import { csv, jsonLines } from "../parts/csv";
import { save } from "../parts/file";
import { type Page, readAll } from "../parts/pages";
import type { Entry } from "./Audit";

type Format = "csv" | "jsonl";
/** Most pages of one file; a filter makes it smaller. */
const MOST_PAGES = 200;

/** Everything the filters let through as a file, page after page. */
export function Export({ query }: { query: Record<string, string> }) {
  const [count, setCount] = useState(0);
  const work = useMutation({
    mutationFn: async (format: Format) => {
      setCount(0);
      const entries = await readAll<Entry>(
        async (from) => (await api.GET("/api/audit", { params: { query: { limit: 100, ...query, ...from } } })).data as Page<Entry> | undefined,
        { most: MOST_PAGES, onProgress: setCount },
      );
      save(`audit.${format}`, format === "csv" ? csv([HEAD, ...entries.map(row)]) : jsonLines(entries));
    },
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-3">
        <Button isDisabled={work.isPending} onPress={() => work.mutate("csv")}>{m.admin_export_csv()}</Button>
        <Button isDisabled={work.isPending} onPress={() => work.mutate("jsonl")}>{m.admin_export_jsonl()}</Button>
      </div>
      {work.isPending && <Work label={m.admin_exporting({ count })} />}
      {work.error && <Fault error={work.error} />}
    </div>
  );
}

const HEAD = ["at", "actor", "action", "object", "requestId", "before", "after", "detail"];

function row(one: Entry): string[] {
  const json = (value: unknown) => (value === undefined ? "" : JSON.stringify(value));
  const { at, actor, action, object, requestId, before, after, detail } = one;
  return [at, actor.userId ?? actor.job ?? actor.kind, action, object, requestId, json(before), json(after), json(detail)];
}
