export interface Stretch {
  from: number;
  to: number;
}

/** What of a film lies between its gaps, in order; `gaps` are sorted and apart. */
export function covered(gaps: readonly Stretch[], length: number): Stretch[] {
  const ends = [...gaps.map((gap) => gap.from), length];
  const begins = [0, ...gaps.map((gap) => gap.to)];
  return begins
    .map((from, at) => ({ from, to: ends[at] ?? length }))
    .filter((stretch) => stretch.to > stretch.from);
}
