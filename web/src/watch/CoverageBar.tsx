import { Button } from "react-aria-components";
import { position } from "../lib/time";
import { m } from "../paraglide/messages";
import { covered, type Stretch } from "./coverage";

interface CoverageBarProps {
  gaps: readonly Stretch[];
  /** Of the film, in seconds. */
  length: number;
  /** Where the player stands. */
  place?: number;
  onJump?(seconds: number): void;
}

/** What of a film is watched; with `onJump` every gap leads to where it begins. */
export function CoverageBar({ gaps, length, place, onJump }: CoverageBarProps) {
  const x = (seconds: number) => `${(Math.min(seconds, length) / length) * 100}%`;
  return (
    <div className="grid gap-2">
      <div aria-hidden="true" className="hatched relative h-3 overflow-hidden rounded-[2px] border border-line bg-well">
        {covered(gaps, length).map(({ from, to }) => (
          <i
            key={from}
            className="absolute inset-y-0 bg-go"
            style={{ insetInlineStart: x(from), width: x(to - from) }}
          />
        ))}
        {place !== undefined && (
          <i className="absolute inset-y-0 w-0.5 bg-ink" style={{ insetInlineStart: x(place) }} />
        )}
      </div>
      {onJump && <Gaps gaps={gaps} onJump={onJump} />}
    </div>
  );
}

function Gaps({ gaps, onJump }: { gaps: readonly Stretch[]; onJump(seconds: number): void }) {
  if (gaps.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p id="gaps" className="text-note font-semibold text-soft">{m.parts_left({ count: gaps.length })}</p>
      <ul aria-labelledby="gaps" className="flex flex-wrap gap-2">
        {gaps.map(({ from, to }) => (
          <li key={from}>
            <Button
              onPress={() => onJump(from)}
              className="figures min-h-9 cursor-pointer rounded-cut border border-edge bg-plate px-3 text-note font-semibold hover:border-ink hover:bg-well"
            >
              {m.gap({ from: position(from), to: position(to) })}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
