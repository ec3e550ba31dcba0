import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Doorway } from "../app/Doorway";
import { logOut } from "../app/session";
import { m } from "../paraglide/messages";
import { Loading } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** An address that ends the session, and leads to the login with a word of it. */
export default function Logout() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: logOut,
    onSuccess: async () => {
      await navigate({ to: "/login", search: { out: true }, replace: true });
      client.clear();
    },
  });
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    leave.mutate();
  });
  return (
    <Doorway title={m.log_out()}>
      {leave.error ? <ProblemNotice error={leave.error} onRetry={() => leave.mutate()} /> : <Loading rows={1} />}
    </Doorway>
  );
}
