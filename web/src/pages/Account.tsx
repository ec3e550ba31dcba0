import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Device } from "../account/Device";
import { Feed } from "../account/Feed";
import { Password } from "../account/Password";
import { Preferences } from "../account/Preferences";
import { SecondFactor } from "../account/SecondFactor";
import { Sessions } from "../account/Sessions";
import { YourData } from "../account/YourData";
import { lacksFactor, logOut, meQuery } from "../app/session";
import { dayAndClock, ownZone } from "../lib/time";
import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { Page, Plate } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

export default function Account() {
  const { data: user } = useSuspenseQuery(meQuery);
  const isStaff = user.roles.some((role) => role === "manager" || role === "admin");
  return (
    <Page title={user.name} over={m.nav_account()} aside={<Logout />}>
      <Plate>
        <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[auto_1fr]">
          <dt className="font-semibold">{m.email()}</dt>
          <dd className="break-all">{user.email}</dd>
          <dt className="font-semibold">{m.zone()}</dt>
          <dd>{user.timeZone}</dd>
          {user.membershipUntil && (
            <>
              <dt className="font-semibold">{m.member_until()}</dt>
              <dd>{dayAndClock(user.membershipUntil, ownZone(), getLocale())}</dd>
            </>
          )}
        </dl>
      </Plate>
      <SecondFactor />
      <Device />
      {!lacksFactor(user) && (
        <>
          <Preferences isStaff={isStaff} />
          <Feed />
          <Sessions />
          <Password email={user.email} />
          <YourData user={user} />
        </>
      )}
    </Page>
  );
}

function Logout() {
  const router = useRouter();
  const client = useQueryClient();
  const logout = useMutation({
    mutationFn: logOut,
    onSuccess: async () => {
      await router.navigate({ to: "/login", search: { out: true } });
      client.clear();
    },
  });
  return (
    <div className="grid gap-2">
      <Button onPress={() => logout.mutate()} isPending={logout.isPending}>{m.log_out()}</Button>
      {logout.error && <ProblemNotice error={logout.error} />}
    </div>
  );
}
