import { classes } from "./classes";

/**
 * The mark of the house: one bar per guard that still stands open, one whole bar when all are shut.
 * It only repeats what the text beside it says, so it is hidden from readers.
 */
export function Guards({ open, className }: { open: number; className?: string }) {
  const bars = Math.min(open, 6);
  return (
    <span aria-hidden="true" className={classes("inline-flex h-2 w-16 gap-1", className)}>
      {bars === 0 ? (
        <i className="flex-1 rounded-[1px] bg-go" />
      ) : (
        Array.from({ length: bars }, (_, at) => (
          <i key={at} className="flex-1 rounded-[1px] border border-wait bg-wait-wash" />
        ))
      )}
    </span>
  );
}

type Tone = "go" | "wait" | "stop" | "quiet";

const TONES: Record<Tone, string> = {
  go: "text-go",
  wait: "text-wait",
  stop: "text-stop",
  quiet: "text-soft",
};

const LAMPS: Record<Tone, string> = {
  go: "bg-go",
  wait: "border-2 border-wait",
  stop: "rounded-none bg-stop",
  quiet: "border-2 border-edge",
};

/** A state in a word, with a lamp whose shape tells it, too. */
export function Badge({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return (
    <span className={classes("inline-flex items-center gap-2 font-semibold", TONES[tone])}>
      <i aria-hidden="true" className={classes("size-2.5 shrink-0 rounded-full", LAMPS[tone])} />
      {children}
    </span>
  );
}
