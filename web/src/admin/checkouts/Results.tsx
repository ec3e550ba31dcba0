import { m } from "../../paraglide/messages";

/** What came of an answer to several, for one of them. */
export type Result = { userId: string; outcome: string; detail?: string };

/** Whether nobody was refused. */
export const areDone = (results: readonly Result[]) => results.every((one) => one.outcome !== "refused");

interface ResultsProps {
  results: readonly Result[];
  people: readonly { id: string; name: string }[];
}

/** Several were answered and not all could be. */
export function Results({ results, people }: ResultsProps) {
  const names = new Map(people.map((person) => [person.id, person.name]));
  return (
    <div role="status">
      <ul className="grid gap-1">
        {results.map((one) => (
          <li key={one.userId}>
            <span className="font-semibold">{names.get(one.userId) ?? one.userId}</span>{" "}
            {one.outcome === "refused" ? (one.detail ?? m.admin_outcome_refused()) : m.admin_outcome_done()}
          </li>
        ))}
      </ul>
    </div>
  );
}
