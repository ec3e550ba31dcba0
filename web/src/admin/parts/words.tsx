import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";
import { Badge } from "../../ui/Guards";

/** What somebody may do, in a word. */
export function roleName(role: Schemas["Role"]): string {
  switch (role) {
    case "member":
      return m.admin_role_member();
    case "host":
      return m.admin_role_host();
    case "manager":
      return m.admin_role_manager();
    case "admin":
      return m.admin_role_admin();
  }
}

/** Whether somebody may act. */
export function StandingBadge({ status }: { status: Schemas["User"]["status"] }) {
  switch (status) {
    case "active":
      return <Badge tone="go">{m.admin_standing_active()}</Badge>;
    case "suspended":
      return <Badge tone="wait">{m.admin_standing_suspended()}</Badge>;
    case "banned":
      return <Badge tone="stop">{m.admin_standing_banned()}</Badge>;
  }
}
