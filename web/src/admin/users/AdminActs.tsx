import { useState } from "react";
import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { holds } from "../parts/rank";
import { BelongingDialog } from "./BelongingDialog";
import { FactorDialog } from "./FactorDialog";
import { HoldDialog } from "./HoldDialog";
import { ScopeDialog } from "./ScopeDialog";
import { StandingDialog } from "./StandingDialog";

type User = Schemas["User"];
type Open = User["status"] | "belonging" | "scope" | "hold" | "factor";

/** What an admin does to somebody else, one thing at a time. */
export function AdminActs({ user }: { user: User }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const isManager = holds(user.roles, "manager") && !holds(user.roles, "admin");
  return (
    <div className="flex flex-wrap gap-3">
      {user.status !== "active" && <Button onPress={() => setOpen("active")}>{m.admin_reinstate()}</Button>}
      {user.status === "active" && <Button look="stop" onPress={() => setOpen("suspended")}>{m.admin_suspend()}</Button>}
      {user.status === "suspended" && <Button onPress={() => setOpen("suspended")}>{m.admin_suspend_change()}</Button>}
      {user.status !== "banned" && <Button look="stop" onPress={() => setOpen("banned")}>{m.admin_ban()}</Button>}
      <Button onPress={() => setOpen("belonging")}>{m.admin_belonging()}</Button>
      {(isManager || user.scope) && <Button onPress={() => setOpen("scope")}>{m.admin_scope()}</Button>}
      <Button onPress={() => setOpen("hold")}>{user.legalHold ? m.admin_hold_lift() : m.admin_hold()}</Button>
      {user.factorEnrolled && <Button look="stop" onPress={() => setOpen("factor")}>{m.admin_factor_reset()}</Button>}
      {open && <Asked open={open} user={user} onClose={close} />}
    </div>
  );
}

function Asked({ open, user, onClose }: { open: Open; user: User; onClose(): void }) {
  switch (open) {
    case "active":
    case "suspended":
    case "banned":
      return <StandingDialog user={user} wanted={open} onClose={onClose} />;
    case "belonging":
      return <BelongingDialog user={user} onClose={onClose} />;
    case "scope":
      return <ScopeDialog user={user} onClose={onClose} />;
    case "hold":
      return <HoldDialog user={user} onClose={onClose} />;
    case "factor":
      return <FactorDialog user={user} onClose={onClose} />;
  }
}
