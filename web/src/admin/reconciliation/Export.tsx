import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Work } from "../../ui/Work";
import { csv } from "../parts/csv";
import { save } from "../parts/file";
import { Fault } from "../parts/FormDialog";
import { readAll } from "../parts/pages";
import { HEAD, rowOf } from "./rows";

interface ExportProps {
  query: { state?: Schemas["FindingState"]; class?: Schemas["FindingClass"] };
}

/** Most pages of one file; a filter makes it smaller. */
const MOST_PAGES = 200;

/** Every difference that the filters let through as a file, page after page. */
export function Export({ query }: ExportProps) {
  const [count, setCount] = useState(0);
  const work = useMutation({
    mutationFn: async () => {
      setCount(0);
      const found = await readAll<Schemas["Finding"]>(
        async (from) => (await api.GET("/api/reconciliation/findings", { params: { query: { limit: 100, ...query, ...from } } })).data,
        { most: MOST_PAGES, onProgress: setCount },
      );
      save("differences.csv", csv([HEAD, ...found.map(rowOf)]));
    },
  });
  return (
    <div className="grid gap-2">
      <Button className="justify-self-start" isDisabled={work.isPending} onPress={() => work.mutate()}>{m.admin_export_csv()}</Button>
      {work.isPending && <Work label={m.admin_exporting({ count })} />}
      {work.error && <Fault error={work.error} />}
    </div>
  );
}
