import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../app/session";
import { longDay, ownZone } from "../../lib/time";
import { m } from "../../paraglide/messages";
import { getLocale } from "../../paraglide/runtime";
import { Page, Section } from "../../ui/Page";
import { holds } from "../parts/rank";
import { Board } from "./Board";
import { Refusals } from "./Refusals";
import { AdminTiles, ManagerTiles } from "./tiles";
import { Use } from "./UseChart";

/** What a manager looks at first: what waits, who comes today, how the week went. */
export default function Today() {
  const { data: user } = useSuspenseQuery(meQuery);
  const day = longDay(new Date().toISOString(), ownZone(), getLocale());
  return (
    <Page title={m.admin_nav_today()} over={day}>
      <ul className="grid gap-px overflow-hidden rounded-cut border border-line bg-line grid-cols-2 xl:grid-cols-3">
        <ManagerTiles />
        {holds(user.roles, "admin") && <AdminTiles />}
      </ul>
      <Section title={m.admin_board()}><Board /></Section>
      <Use />
      <Refusals />
    </Page>
  );
}
