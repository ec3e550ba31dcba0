import type { ReactNode } from "react";
import { Page } from "../ui/Page";
import { Mark } from "./Frame";
import { LanguageSelect } from "./LanguageSelect";

/** A page before the session: its form on one side, a picture on the other. */
export function Doorway({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="mx-auto grid w-full max-w-md content-center gap-10 p-5 py-12">
        <p className="flex items-center gap-2.5 font-bold tracking-tight"><Mark />Interlock</p>
        <Page title={title}>
          {children}
          <LanguageSelect />
        </Page>
      </div>
      <Picture />
    </main>
  );
}

/** Guards shutting one after the other: what the product does, without a word. */
function Picture() {
  const rows = [5, 3, 6, 2, 7, 4, 8];
  return (
    <div aria-hidden="true" className="hidden overflow-hidden bg-enamel lg:block dark:bg-plate">
      <svg viewBox="0 0 100 100" preserveAspectRatio="xMinYMid slice" className="size-full">
        {rows.map((shut, row) =>
          Array.from({ length: 8 }, (_, at) => (
            <rect
              key={`${row}-${at}`}
              x={6 + at * 11.2}
              y={8 + row * 12.4}
              width="9"
              height="7"
              rx="0.6"
              className={at < shut ? "fill-lamp" : "fill-none stroke-lamp/45"}
              strokeWidth="0.35"
              opacity={at < shut ? 0.28 + (row + 1) * 0.1 : 1}
            />
          )),
        )}
      </svg>
    </div>
  );
}
