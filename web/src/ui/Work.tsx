import { ProgressBar } from "react-aria-components";

interface WorkProps {
  label: string;
  /** How much of how much; without it nobody can tell. */
  done?: number | undefined;
  of?: number | undefined;
}

/** Work that goes on: how far it is, where that is known. */
export function Work({ label, done, of }: WorkProps) {
  const isKnown = done !== undefined && of !== undefined && of > 0;
  return (
    <ProgressBar
      aria-label={label}
      {...(isKnown ? { value: done, maxValue: of } : { isIndeterminate: true })}
      className="grid gap-1.5"
    >
      <span className="flex justify-between gap-4 text-note font-semibold text-soft">
        <span>{label}</span>
        {isKnown && <span className="figures">{done} / {of}</span>}
      </span>
      <svg viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true" className="h-2 w-full rounded-[1px] bg-well">
        <rect
          width={isKnown ? (100 * done) / of : 40}
          height="2"
          className={isKnown ? "fill-enamel" : "animate-pulse fill-lamp"}
        />
      </svg>
    </ProgressBar>
  );
}
