import { useMutation } from "@tanstack/react-query";
import { api, MARK } from "../../api/client";
import { ProblemError } from "../../api/problem";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Fault } from "../parts/FormDialog";
import { Badge } from "../../ui/Guards";
import { Plate } from "../../ui/Page";
import { Work } from "../../ui/Work";
import { said } from "../parts/moment";

/** Whether the chain is whole: asked for, because every entry is read for it. */
export function Integrity() {
  const verify = useMutation({
    mutationFn: async () => {
      const { data } = await api.POST("/api/audit/verify", { params: { header: MARK }, body: {} });
      if (!data) throw ProblemError.unreachable();
      return data;
    },
  });
  const told = verify.data;
  return (
    <Plate className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div role="status">
          {!told && <p>{m.admin_integrity_text()}</p>}
          {told?.intact && <Badge tone="go">{told.sealedUntil ? m.admin_intact({ time: said(told.sealedUntil) }) : m.admin_intact_unsealed()}</Badge>}
          {told && !told.intact && <Badge tone="stop">{m.admin_broken({ count: told.faults.length })}</Badge>}
          {told && <p className="figures text-note text-soft">{m.admin_verified({ entries: told.entries, seals: told.seals, unsealed: told.unsealed })}</p>}
        </div>
        <Button isPending={verify.isPending} onPress={() => verify.mutate()}>{m.admin_verify()}</Button>
      </div>
      {verify.isPending && <Work label={m.admin_verifying()} />}
      {told?.root && <p className="text-note">{m.admin_root()} <code className="font-mono break-all">{told.root}</code></p>}
      {verify.error && <Fault error={verify.error} />}
    </Plate>
  );
}
