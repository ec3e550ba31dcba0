import type { Schemas } from "../../api/client";
import { m } from "../../paraglide/messages";

/** What each kind of letter is about. */
export const KINDS: Record<Schemas["Notification"]["kind"], () => string> = {
  password_reset: m.admin_mail_password_reset,
  invitation: m.admin_mail_invitation,
  password_changed: m.admin_mail_password_changed,
  roles_changed: m.admin_mail_roles_changed,
  confirmed: m.admin_mail_confirmed,
  changed: m.admin_mail_changed,
  cancelled: m.admin_mail_cancelled,
  reminder_24h: m.admin_mail_reminder_24h,
  reminder_1h: m.admin_mail_reminder_1h,
  awaiting_approval: m.admin_mail_awaiting_approval,
  declined: m.admin_mail_declined,
  unanswered: m.admin_mail_unanswered,
  not_made: m.admin_mail_not_made,
  eligibility_lost: m.admin_mail_eligibility_lost,
  checkout_requested: m.admin_mail_checkout_requested,
  checkout_granted: m.admin_mail_checkout_granted,
  checkout_revoked: m.admin_mail_checkout_revoked,
  checkout_declined: m.admin_mail_checkout_declined,
  checkout_expiring: m.admin_mail_checkout_expiring,
  factor_changed: m.admin_mail_factor_changed,
  recovery_code_used: m.admin_mail_recovery_code_used,
};
