import { useQueryClient } from "@tanstack/react-query";
import { Heading } from "react-aria-components";
import { m } from "../paraglide/messages";
import { AppDialog } from "../ui/Dialog";
import { LoginForm } from "./LoginForm";
import { sessionLost } from "./session";

/** Logs in again over the page, so that nothing on it is lost. */
export default function SessionDialog({ email }: { email: string }) {
  const client = useQueryClient();
  return (
    <AppDialog isOpen onOpenChange={() => {}} isDismissable={false}>
      <Heading slot="title" className="text-title font-semibold">{m.session_lost()}</Heading>
      <p>{m.session_lost_text()}</p>
      <LoginForm
        email={email}
        onLogin={() => {
          sessionLost.set(false);
          void client.invalidateQueries();
        }}
      />
    </AppDialog>
  );
}
