import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Badge } from "../../ui/Guards";

type Evidence = Schemas["TrainingEvidence"];
type Signal = Evidence["signals"][number];

/** Below it a manager is asked to look, in per cent. */
const ASKED = 50;

const SIGNALS: Record<Signal, () => string> = {
  much_cut: m.signal_much_cut,
  many_seeks: m.signal_many_seeks,
  mostly_hidden: m.signal_mostly_hidden,
  constant_cadence: m.signal_constant_cadence,
  contradictions: m.signal_contradictions,
};

/** How the record of a watch looks: advice for whoever decides, and never a verdict. */
export function Looks({ evidence }: { evidence: Evidence }) {
  const { integrityPercent, signals, tallies } = evidence;
  const { beats = 0, hiddenBeats = 0, seeks = 0 } = tallies;
  return (
    <div className="grid min-w-52 gap-1">
      <Badge tone={integrityPercent < ASKED ? "wait" : "go"}>{m.admin_integrity({ percent: Math.round(integrityPercent) })}</Badge>
      {signals.length > 0 && <ul className="text-note">{signals.map((signal) => <li key={signal}>{SIGNALS[signal]()}</li>)}</ul>}
      <p className="figures text-note text-soft">{m.admin_tallies({ beats, hidden: hiddenBeats, seeks })}</p>
    </div>
  );
}
