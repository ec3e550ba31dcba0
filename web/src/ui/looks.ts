import { classes } from "./classes";

type Look = "main" | "plain" | "stop" | "bare";

const SHAPE =
  "inline-flex min-h-11 cursor-pointer items-center justify-center gap-2 rounded-cut px-4 py-2 " +
  "text-center font-semibold leading-tight transition-colors disabled:cursor-default " +
  "data-[disabled]:opacity-55";

const LOOKS: Record<Look, string> = {
  main: "bg-enamel text-on-enamel hover:bg-enamel/88",
  plain: "border border-edge bg-plate text-ink hover:border-ink hover:bg-well",
  stop: "border border-stop bg-plate text-stop hover:bg-stop-wash",
  bare: "px-2 text-ink underline decoration-edge underline-offset-4 hover:decoration-ink",
};

export interface LookProps {
  look?: Look | undefined;
  className?: string | undefined;
}

/** Classes of what is pressed or followed. */
export function lookOf({ look = "plain", className }: LookProps): string {
  return classes(SHAPE, LOOKS[look], className);
}
