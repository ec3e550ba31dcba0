import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault, FormDialog } from "../parts/FormDialog";
import { Work } from "../../ui/Work";
import { readAll } from "../parts/pages";

/** Sends one delivery through the queue again. */
export function replay(deliveryId: string) {
  const params = { path: { deliveryId }, header: MARK };
  return api.POST("/api/webhook-events/{deliveryId}/replay", { params });
}

interface Progress {
  done: number;
  of: number;
  refused: number;
}

/** One after the other, so that the queue is not flooded; one that is refused does not stop the rest. */
function useReplay(onDone: () => void) {
  const [progress, setProgress] = useState<Progress>();
  const client = useQueryClient();
  const work = useMutation({
    mutationFn: async (find: () => Promise<string[]>) => {
      const ids = await find();
      let refused = 0;
      for (const [at, id] of ids.entries()) {
        setProgress({ done: at, of: ids.length, refused });
        await replay(id).catch(() => {
          refused += 1;
        });
      }
      setProgress({ done: ids.length, of: ids.length, refused });
    },
    onSuccess: async () => {
      onDone();
      await client.invalidateQueries();
    },
  });
  return { work, progress };
}

async function dead(): Promise<string[]> {
  const all = await readAll<Schemas["WebhookEvent"]>(
    async (from) => (await api.GET("/api/webhook-events", { params: { query: { state: "dead", limit: 100, ...from } } })).data,
  );
  return all.map((one) => one.deliveryId);
}

/** Replays what is chosen, or all that is dead, after one more question. */
export function Replay({ chosen, onDone }: { chosen: readonly string[]; onDone(): void }) {
  const [asked, setAsked] = useState<"chosen" | "dead">();
  const { work, progress } = useReplay(onDone);
  const begin = () => {
    work.mutate(asked === "dead" ? dead : async () => [...chosen]);
    setAsked(undefined);
  };
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-3">
        <Button isDisabled={chosen.length === 0 || work.isPending} onPress={() => setAsked("chosen")}>{m.admin_replay_chosen({ count: chosen.length })}</Button>
        <Button isDisabled={work.isPending} onPress={() => setAsked("dead")}>{m.admin_replay_dead()}</Button>
      </div>
      {work.isPending && <Work label={m.admin_replaying()} done={progress?.done} of={progress?.of} />}
      {work.error && <Fault error={work.error} />}
      <p role="status">
        {work.isSuccess && progress && m.admin_replayed({ done: progress.done - progress.refused, refused: progress.refused })}
      </p>
      {asked && (
        <FormDialog title={m.admin_replay_title()} submit={m.admin_replay()} isOpen onClose={() => setAsked(undefined)} onSubmit={begin} isPending={false}>
          <p>{asked === "dead" ? m.admin_replay_dead_text() : m.admin_replay_text({ count: chosen.length })}</p>
        </FormDialog>
      )}
    </div>
  );
}
