import { useState } from "react";
import { m } from "../paraglide/messages";
import { Button } from "./Button";
import { Table } from "./Table";

export interface Bar {
  name: string;
  value: number;
  /** The value as people say it. */
  text: string;
}

interface BarsProps {
  title: string;
  /** What the values are. */
  unit: string;
  bars: readonly Bar[];
}

const ROW = 30;
const THICK = 10;

/** Bars under each other with their values, and the same as a table for who asks for it. */
export function Bars({ title, unit, bars }: BarsProps) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className="grid gap-3 rounded-cut border border-line bg-plate p-4 sm:p-5">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6">
        <span className="font-semibold">{title}</span>
        <Button look="bare" className="min-h-6! px-0! py-0! text-note" onPress={() => setTable(!isTable)}>
          {isTable ? m.admin_as_chart() : m.admin_as_table()}
        </Button>
      </figcaption>
      {isTable ? <Twin title={title} unit={unit} bars={bars} /> : <Drawn title={title} unit={unit} bars={bars} />}
    </figure>
  );
}

function Twin({ title, unit, bars }: BarsProps) {
  const columns = [
    { name: title, cell: (bar: Bar) => bar.name },
    { name: unit, cell: (bar: Bar) => bar.text, isFigure: true },
  ];
  return <Table label={title} columns={columns} rows={bars} keyOf={(bar) => bar.name} />;
}

function Drawn({ title, unit, bars }: BarsProps) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const spoken = bars.map((bar) => `${bar.name}: ${bar.text}`).join("; ");
  return (
    <svg role="img" aria-label={`${title}, ${unit}. ${spoken}`} width="100%" height={bars.length * ROW + 4} className="overflow-visible">
      {bars.map((bar, at) => (
        <g key={bar.name} transform={`translate(0 ${at * ROW})`}>
          <text y="12" className="fill-ink text-note">{bar.name}</text>
          <text x="100%" y="12" textAnchor="end" className="figures fill-soft text-note">{bar.text}</text>
          <rect y="18" width="100%" height={THICK - 4} rx="1" className="fill-well" />
          <rect y="18" width={`${(100 * bar.value) / most}%`} height={THICK - 4} rx="1" className="fill-enamel" />
        </g>
      ))}
    </svg>
  );
}
