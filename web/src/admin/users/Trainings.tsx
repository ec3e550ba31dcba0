import { useState } from "react";
import type { Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { useModuleTitles } from "../../app/coverage";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Empty, Loading, Section } from "../../ui/Page";
import { Table } from "../../ui/Table";
import { standingOf } from "../../watch/standing";
import { Fault } from "../parts/FormDialog";
import { said } from "../parts/moment";
import { Looks } from "../training/evidence";
import { KINDS, type Kind, ProofDialog } from "../training/ProofDialog";

type Status = Schemas["TrainingStatus"];

interface TrainingsProps {
  user: Schemas["User"];
  me: Schemas["User"];
}

/** How far somebody has come with each training, how the record looks, and another proof in its place. */
export function Trainings({ user, me }: TrainingsProps) {
  const titles = useModuleTitles();
  const [open, setOpen] = useState<Status>();
  const params = { query: { userId: user.id } };
  const found = $api.useQuery("get", "/api/training/status", { params }, {
    select: (answer) => answer.items.filter((item): item is Status => "completed" in item),
  });
  const titleOf = (id: string) => titles.get(id) ?? id;
  const columns = [
    { name: m.admin_module(), cell: (one: Status) => titleOf(one.moduleId) },
    { name: m.admin_state(), cell: (one: Status) => <Standing one={one} /> },
    { name: m.admin_record_looks(), cell: (one: Status) => one.evidence ? <Looks evidence={one.evidence} /> : <span className="text-soft">–</span> },
    ...(user.id === me.id ? [] : [{ name: m.admin_act(), cell: (one: Status) => <Record one={one} title={titleOf(one.moduleId)} onPress={() => setOpen(one)} /> }]),
  ];
  return (
    <Section title={m.nav_training()}>
      {found.isPending && <Loading rows={1} />}
      {found.error && <Fault error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <Empty text={m.training_none()} />}
      {found.data && found.data.length > 0 && (
        <Table label={m.nav_training()} columns={columns} rows={found.data} keyOf={(one) => one.moduleId} />
      )}
      {open && (
        <ProofDialog
          user={user}
          module={{ id: open.moduleId, title: titleOf(open.moduleId) }}
          kinds={kindsFor(open)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  );
}

/** A look at a watch is a proof only where one waits for it. */
function kindsFor(one: Status): [Kind, ...Kind[]] {
  return one.needsConfirmationSince ? ["watch_confirmed", "live_session", "transcript"] : ["live_session", "transcript"];
}

function Record({ one, title, onPress }: { one: Status; title: string; onPress(): void }) {
  if (one.completed) return null;
  return (
    <Button className="min-h-9! px-3! py-1!" aria-label={`${m.admin_record()}: ${title}`} onPress={onPress}>{m.admin_record()}</Button>
  );
}

function Standing({ one }: { one: Status }) {
  const word = one.proof?.alternative;
  return (
    <div className="grid gap-1">
      <Word one={one} />
      {word && <span className="text-note text-soft">{KINDS[word.kind]()}: “{word.note}”</span>}
    </div>
  );
}

function Word({ one }: { one: Status }) {
  const percent = m.watched({ percent: Math.round(one.coveragePercent) });
  switch (standingOf(one)) {
    case "completed":
      return <Badge tone="go">{one.completedAt ? m.completed_on({ time: said(one.completedAt) }) : m.completed()}</Badge>;
    case "asked":
      return <Badge tone="wait">{m.needs_confirmation()}</Badge>;
    case "expired":
      return <Badge tone="stop">{m.expired()}</Badge>;
    case "begun":
      return <Badge tone="wait">{percent}</Badge>;
    case "new":
      return <Badge tone="quiet">{m.not_started()}</Badge>;
  }
}
