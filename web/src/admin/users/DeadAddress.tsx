import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Guards";
import { Loading } from "../../ui/Page";
import { KINDS } from "../notifications/kinds";
import { useAct } from "../parts/act";
import { Fault } from "../parts/FormDialog";
import { said } from "../parts/moment";
import { readAll } from "../parts/pages";

type User = Schemas["User"];
type Letter = Schemas["Notification"];

/** That nothing is sent to somebody's address any more, and the letter that opens it again. */
export function DeadAddress({ user }: { user: User }) {
  if (!user.deadAddress) return null;
  const { why, since } = user.deadAddress;
  const words = why === "bounced" ? m.admin_dead_bounced : m.admin_dead_complained;
  return (
    <div className="grid gap-3 border-s-3 border-stop bg-stop-wash p-4">
      <Badge tone="stop">{words({ time: said(since) })}</Badge>
      <p>{m.admin_dead_text()}</p>
      <Again userId={user.id} />
    </div>
  );
}

function Again({ userId }: { userId: string }) {
  const found = useQuery({
    queryKey: ["letters-of", userId],
    queryFn: ({ signal }) => newestTo(userId, signal),
  });
  const again = useAct((letterId: string) => {
    const params = { path: { letterId }, header: MARK };
    return api.POST("/api/notifications/{letterId}/resend", { params, body: {} });
  });
  if (again.isSuccess) return <p role="status" className="font-semibold">{m.admin_dead_sent()}</p>;
  if (found.isPending) return <Loading rows={1} />;
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />;
  const letter = found.data;
  if (!letter) {
    return (
      <p>
        {m.admin_dead_no_letter()}{" "}
        <Link to="/admin/notifications" search={{}} className="underline underline-offset-4">{m.admin_nav_letters()}</Link>
      </p>
    );
  }
  return (
    <>
      <Button className="justify-self-start" isPending={again.isPending} onPress={() => again.mutate(letter.id)}>
        {m.admin_dead_send({ letter: KINDS[letter.kind]() })}
      </Button>
      {again.error && <Fault error={again.error} />}
    </>
  );
}

/** The newest letter to somebody by mail: of those that failed, else of those that went out; what is still due cannot be sent again. */
async function newestTo(userId: string, signal: AbortSignal): Promise<Letter | null> {
  for (const state of ["failed", "sent"] as const) {
    const letters = await readAll<Letter>(
      async (from) => (await api.GET("/api/notifications", { params: { query: { state, limit: 100, ...from } }, signal })).data,
      { most: 5 },
    );
    const own = letters.filter((one) => one.userId === userId && one.channel === "email" && one.state !== "due");
    const [newest] = own.toSorted((left, right) => (right.at ?? right.dueAt).localeCompare(left.at ?? left.dueAt));
    if (newest) return newest;
  }
  return null;
}
