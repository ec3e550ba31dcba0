import { $api } from "../../api/hooks";
import { m } from "../../paraglide/messages";
import { Part } from "./Part";
import { atFault, nameOf, sentenceOf } from "./calcom";
import { signOfCalcom } from "./signs";

/** Each look costs calls to Cal.com, so nobody looks again by himself. */
const looksOnce = { staleTime: 60_000, refetchOnWindowFocus: false };

/** What is at fault with Cal.com, as it answers now. */
export function CalcomParts() {
  const query = $api.useQuery("get", "/api/calcom/health", {}, looksOnce);
  const found = query.data ? atFault(query.data) : [];
  const left = query.data?.accountsLeftOut ?? 0;
  return (
    <Part name={m.admin_part_calcom()} query={query} sign={signOfCalcom(query.data?.status)}>
      {found.length === 0 && m.admin_calcom_ok()}
      {found.map((one) => (
        <span key={`${one.kind} ${one.name}`} className="block">{nameOf(one)}: {sentenceOf(one.code)}</span>
      ))}
      {left > 0 && <span className="block">{m.admin_calcom_left_out({ count: left })}</span>}
    </Part>
  );
}
