import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Bars } from "../../ui/Bars";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Table } from "../../ui/Table";
import { stretch } from "../parts/moment";
import { Listed, type Page, usePages } from "../parts/pages";
import { type Place, useMachines } from "../parts/places";
import { ApproveDialog } from "./ApproveDialog";
import { DeclineDialog } from "./DeclineDialog";
import { binned } from "./waiting";

type Item = Schemas["CheckoutItem"];
type Asked = Item & { request: Schemas["CheckoutWish"] };
interface List extends Page<Item> {
  waiting?: Waiting;
}
interface Waiting {
  count: number;
  more: boolean;
  medianSeconds?: number;
  oldestSeconds?: number;
}

/** Who waits, since when, and the answer to one or to several. */
export function Queue() {
  const list = usePages<Item, List>(["checkouts", "pending"], async (from, signal) => {
    const query = { state: "pending" as const, limit: 100, ...from };
    return (await api.GET("/api/checkouts", { params: { query }, signal })).data;
  });
  const waiting = list.first?.waiting;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // Who is being answered: the list may have nobody left while the dialog tells what came of it.
  const [act, setAct] = useState<Act>();
  const close = () => {
    setAct(undefined);
    setChosen(new Set());
  };
  return (
    <>
      {waiting && waiting.count > 0 && (
        <p className="figures">
          {m.admin_waiting({
            count: `${waiting.count}${waiting.more ? "+" : ""}`,
            median: stretch(waiting.medianSeconds ?? 0),
            oldest: stretch(waiting.oldestSeconds ?? 0),
          })}
        </p>
      )}
      <Listed list={list} empty={m.admin_queue_empty()}>
        {(items) => (
          <Asking
            asked={items.filter((item): item is Asked => item.request !== undefined)}
            chosen={chosen}
            onChoose={setChosen}
            onAct={setAct}
          />
        )}
      </Listed>
      {act?.kind === "approve" && <ApproveDialog machine={act.machine} people={act.people} onClose={close} />}
      {act?.kind === "decline" && <DeclineDialog machine={act.machine} people={act.people} onClose={close} />}
    </>
  );
}

interface Act {
  kind: "approve" | "decline";
  machine: Place;
  people: { id: string; name: string }[];
}

interface AskingProps {
  asked: Asked[];
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
  onAct(act: Act): void;
}

function Asking({ asked, chosen, onChoose, onAct }: AskingProps) {
  const machines = useMachines();
  const picked = asked.filter((item) => chosen.has(item.request.id));
  const place = placeOf(picked, machines.data ?? []);
  const people = picked.map((item) => ({ id: item.user.id, name: item.user.name ?? item.user.id }));
  const begin = (kind: Act["kind"]) => place && onAct({ kind, machine: place, people });
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return (
    <div className="grid gap-4">
      <Table label={m.admin_queue()} columns={columns(machines.data ?? [], chosen, toggle)} rows={asked} keyOf={(item) => item.request.id} />
      <div className="flex flex-wrap items-center gap-3">
        <Button look="main" isDisabled={!place} onPress={() => begin("approve")}>{m.admin_approve_chosen({ count: picked.length })}</Button>
        <Button isDisabled={!place} onPress={() => begin("decline")}>{m.admin_decline_chosen({ count: picked.length })}</Button>
        {picked.length > 0 && !place && <p role="status" className="text-note text-soft">{m.admin_one_machine()}</p>}
      </div>
      {asked.length > 1 && <Bars title={m.admin_waiting_chart()} unit={m.admin_requests()} bars={binned(asked.map((item) => item.request.waitingSeconds))} />}
    </div>
  );
}

/** The machine at which all that are chosen can be answered at once. */
function placeOf(picked: Asked[], machines: Place[]): Place | undefined {
  const [first] = picked;
  if (!first) return undefined;
  const key = JSON.stringify(first.request.scope);
  if (picked.some((item) => JSON.stringify(item.request.scope) !== key)) return undefined;
  return machineOf(first.request.scope, machines);
}

function machineOf(scope: Schemas["CheckoutScope"], machines: Place[]): Place | undefined {
  return machines.find((machine) =>
    "machineId" in scope ? machine.id === scope.machineId : machine.category === scope.category,
  );
}

function columns(machines: Place[], chosen: ReadonlySet<string>, toggle: (id: string, on: boolean) => void) {
  return [
    {
      name: m.admin_person(),
      cell: (item: Asked) => (
        <span className="flex items-center gap-3">
          <Check
            label={m.admin_choose({ name: `${item.user.name ?? item.user.id}, ${scopeName(item, machines)}` })}
            isBare
            isSelected={chosen.has(item.request.id)}
            onChange={(on) => toggle(item.request.id, on)}
          />
          <Link to="/admin/checkouts" search={{ user: item.user.id }} className="underline underline-offset-4">
            {item.user.name ?? item.user.id}
          </Link>
        </span>
      ),
    },
    { name: m.admin_for(), cell: (item: Asked) => scopeName(item, machines) },
    { name: m.admin_waits(), cell: (item: Asked) => stretch(item.request.waitingSeconds), isFigure: true },
    { name: m.admin_note(), cell: (item: Asked) => <Note wish={item.request} /> },
  ];
}

function scopeName(item: Asked, machines: Place[]): string {
  const { scope } = item.request;
  if ("category" in scope) return m.admin_category_of({ name: scope.category });
  return machineOf(scope, machines)?.name ?? scope.machineId;
}

function Note({ wish }: { wish: Schemas["CheckoutWish"] }) {
  return (
    <span className="text-note">
      {wish.note && <span className="block">{wish.note}</span>}
      <span className="block text-soft">
        {wish.origin === "training" ? m.admin_origin_training() : m.admin_level({ level: wish.level })}
      </span>
      {wish.awaitsSecond && <span className="block font-semibold text-wait">{m.admin_awaits_second()}</span>}
    </span>
  );
}
