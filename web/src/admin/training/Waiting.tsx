import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas } from "../../api/client";
import { useModuleTitles } from "../../app/coverage";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Table } from "../../ui/Table";
import { Moment } from "../parts/moment";
import { Listed, type Page, usePages } from "../parts/pages";
import { useNames } from "../parts/people";
import { DeclineWatch } from "./DeclineWatch";
import { Looks } from "./evidence";
import { ProofDialog } from "./ProofDialog";

type One = Schemas["AwaitingConfirmation"];

type Act = "record" | "decline";
const ACTS: readonly (readonly [Act, () => string])[] = [["record", m.admin_record], ["decline", m.admin_watch_decline]];

/** Watched enough, and so unusual that a manager is asked: the oldest first. */
export function Waiting() {
  const nameOf = useNames();
  const titles = useModuleTitles();
  const [open, setOpen] = useState<{ one: One; act: Act }>();
  const titleOf = (id: string) => titles.get(id) ?? id;
  const list = usePages<One>(["training-waiting"], async (from, signal) => {
    const query = { awaiting: "confirmation" as const, limit: 50, ...from };
    const { data } = await api.GET("/api/training/status", { params: { query }, signal });
    return data as Page<One> | undefined;
  });
  const columns = [
    { name: m.admin_person(), cell: (one: One) => <Person id={one.userId} name={nameOf(one.userId)} /> },
    { name: m.admin_module(), cell: (one: One) => titleOf(one.moduleId) },
    { name: m.admin_waiting_since(), cell: (one: One) => <Moment at={one.since} /> },
    { name: m.admin_record_looks(), cell: (one: One) => <Looks evidence={one.evidence} /> },
    {
      name: m.admin_act(),
      cell: (one: One) => (
        <div className="flex flex-wrap gap-2">
          {ACTS.map(([act, name]) => (
            <Button
              key={act}
              className="min-h-9! px-3! py-1!"
              aria-label={`${name()}: ${nameOf(one.userId)}, ${titleOf(one.moduleId)}`}
              onPress={() => setOpen({ one, act })}
            >
              {name()}
            </Button>
          ))}
        </div>
      ),
    },
  ];
  return (
    <>
      <p className="max-w-prose text-soft">{m.admin_waiting_text()}</p>
      <Listed list={list} empty={m.admin_waiting_none()}>
        {(items) => <Table label={m.admin_waiting()} columns={columns} rows={items} keyOf={(one) => `${one.userId}${one.moduleId}`} />}
      </Listed>
      {open && (
        <Asked
          act={open.act}
          user={{ id: open.one.userId, name: nameOf(open.one.userId) }}
          module={{ id: open.one.moduleId, title: titleOf(open.one.moduleId) }}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

interface AskedProps {
  act: Act;
  user: { id: string; name: string };
  module: { id: string; title: string };
  onClose(): void;
}

function Asked({ act, ...rest }: AskedProps) {
  return act === "decline" ? (
    <DeclineWatch {...rest} />
  ) : (
    <ProofDialog {...rest} kinds={["watch_confirmed", "live_session", "transcript"]} />
  );
}

function Person({ id, name }: { id: string; name: string }) {
  return <Link to="/admin/users" search={{ user: id }} className="underline underline-offset-4">{name}</Link>;
}
