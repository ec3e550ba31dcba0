import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { knownOf } from "./known";
import { judged, type Row, rowsOf, type Unreadable } from "./rows";

/** Reads a file and looks who of it is there already; nothing is written anywhere. */
export function useCheck(zone: string) {
  const [progress, setProgress] = useState<{ done: number; of: number }>();
  const check = useMutation({
    mutationFn: async (file: File): Promise<Row[] | Unreadable> => {
      setProgress(undefined);
      const rows = rowsOf(await file.text(), zone);
      if (typeof rows === "string") return rows;
      return judged(rows, await knownOf(rows, (done, of) => setProgress({ done, of })));
    },
  });
  return { ...check, progress };
}
