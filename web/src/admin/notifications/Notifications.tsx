import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Page } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { useAct } from "../parts/act";
import { Moment } from "../parts/moment";
import { Listed, usePages } from "../parts/pages";
import { useNames } from "../parts/people";
import { Views } from "../../ui/Views";
import { KINDS } from "./kinds";

type Letter = Schemas["Notification"];
type State = "failed" | "pending" | "sent";
const route = getRouteApi("/inside/admin/notifications");

/** Letters that did not arrive, that wait, and that went out. */
export default function Notifications() {
  const { state: wanted } = route.useSearch();
  const state: State = wanted === "pending" || wanted === "sent" ? wanted : "failed";
  const list = usePages<Letter>(["letters", state], async (from, signal) => {
    const query = { state, limit: 50, ...from };
    return (await api.GET("/api/notifications", { params: { query }, signal })).data;
  });
  // Whoever is sent again leaves this list at once, so it is told beside the list.
  const [again, setAgain] = useState<{ from: State; kind: Letter["kind"] }>();
  const names = { failed: m.admin_letters_failed, pending: m.admin_letters_pending, sent: m.admin_letters_sent };
  const views = Object.entries(names).map(([id, name]) => ({
    id,
    name: name(),
    link: { to: "/admin/notifications" as const, search: { state: id } },
  }));
  return (
    <Page title={m.admin_nav_letters()}>
      <Views label={m.views()} views={views} current={state} />
      <p role="status" className="font-semibold text-go">
        {again?.from === state && `${KINDS[again.kind]()}: ${m.admin_resent()}`}
      </p>
      <Listed list={list} empty={state === "failed" ? m.admin_letters_all_arrived() : m.reservations_none_here()}>
        {(items) => <Letters items={items} onAgain={(kind) => setAgain({ from: state, kind })} />}
      </Listed>
    </Page>
  );
}

type OnAgain = (kind: Letter["kind"]) => void;

function Letters({ items, onAgain }: { items: Letter[]; onAgain: OnAgain }) {
  const nameOf = useNames();
  const columns = [
    { name: m.admin_letter(), cell: (one: Letter) => <Kind one={one} /> },
    { name: m.admin_person(), cell: (one: Letter) => nameOf(one.userId) },
    { name: m.admin_when(), cell: (one: Letter) => <Moment at={one.at ?? one.dueAt} /> },
    { name: m.admin_state(), cell: (one: Letter) => <LetterState one={one} /> },
    { name: m.admin_act(), cell: (one: Letter) => <Resend one={one} onAgain={onAgain} /> },
  ];
  return <Table label={m.admin_nav_letters()} columns={columns} rows={items} keyOf={(one) => one.id} />;
}

function Kind({ one }: { one: Letter }) {
  return (
    <>
      {KINDS[one.kind]()}
      {one.reservationId && (
        <Link to="/reservations/$reservationId" params={{ reservationId: one.reservationId }} search={{}} className="block text-note font-normal underline underline-offset-4">
          {m.reservation()}
        </Link>
      )}
    </>
  );
}

function LetterState({ one }: { one: Letter }) {
  const why = one.failure ?? one.droppedFor;
  return (
    <>
      <Badge tone={toneOf(one.state)}>{stateName(one.state)}</Badge>
      {why && <code className="block font-mono text-note">{why}</code>}
      {one.attempts > 1 && <span className="block text-note text-soft">{m.admin_tries({ count: one.attempts })}</span>}
    </>
  );
}

function toneOf(state: Letter["state"]) {
  switch (state) {
    case "sent":
    case "delivered":
      return "go";
    case "due":
      return "wait";
    case "dropped":
      return "quiet";
    case "bounced":
    case "complained":
    case "failed":
      return "stop";
  }
}

function stateName(state: Letter["state"]): string {
  switch (state) {
    case "due":
      return m.admin_letter_due();
    case "sent":
      return m.admin_letter_sent();
    case "delivered":
      return m.admin_letter_delivered();
    case "bounced":
      return m.admin_letter_bounced();
    case "complained":
      return m.admin_letter_complained();
    case "failed":
      return m.admin_letter_failed();
    case "dropped":
      return m.admin_letter_dropped();
  }
}

function Resend({ one, onAgain }: { one: Letter; onAgain: OnAgain }) {
  const again = useAct(() => {
    const params = { path: { letterId: one.id }, header: MARK };
    return api.POST("/api/notifications/{letterId}/resend", { params, body: {} });
  }, () => onAgain(one.kind));
  if (one.state === "due") return null;
  return (
    <div className="grid justify-items-start gap-2">
      <Button className="min-h-9! px-3! py-1!" isPending={again.isPending} aria-label={`${m.admin_resend()}: ${KINDS[one.kind]()}`} onPress={() => again.mutate()}>{m.admin_resend()}</Button>
      {again.error && <Fault error={again.error} />}
    </div>
  );
}
