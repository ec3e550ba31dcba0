import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, MARK, type Schemas } from "../../api/client";
import { $api } from "../../api/hooks";
import { m } from "../../paraglide/messages";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Badge } from "../../ui/Guards";
import { Fault } from "../parts/FormDialog";
import { Loading, Plate } from "../../ui/Page";
import { useAct } from "../parts/act";
import { said } from "../parts/moment";
import { usePlaceNames } from "../parts/places";
import { holds } from "../parts/rank";
import { roleName, StandingBadge } from "../parts/words";
import { AdminActs } from "./AdminActs";
import { DeadAddress } from "./DeadAddress";
import { Exemptions } from "./Exemptions";
import { ROLES } from "./Invite";
import { Readiness } from "./Readiness";
import { Trainings } from "./Trainings";

type User = Schemas["User"];

/** Somebody in full; what an admin changes is changed one thing at a time, and never one's own. */
export function Person({ userId, me }: { userId: string; me: User }) {
  const person = $api.useQuery("get", "/api/users/{userId}", { params: { path: { userId } } });
  if (person.isPending) return <Loading rows={2} />;
  if (person.error) return <Fault error={person.error} onRetry={() => void person.refetch()} />;
  const { user } = person.data;
  const mayChange = holds(me.roles, "admin") && user.id !== me.id;
  return (
    <section aria-labelledby="person" className="grid gap-4">
      <Plate className="grid gap-4 border-s-3 border-s-enamel">
        <div className="flex flex-wrap items-baseline justify-between gap-4">
          <div className="min-w-0">
            <h2 id="person" className="text-title font-semibold tracking-tight">{user.name || user.id}</h2>
            <p className="break-all text-soft">{user.email}</p>
          </div>
          <StandingBadge status={user.status} />
        </div>
        <Facts user={user} />
        <DeadAddress user={user} />
        {user.id === me.id && <p className="border-s-3 border-wait bg-wait-wash p-3">{m.admin_own_account()}</p>}
        <Roles key={user.roles.join()} user={user} mayChange={mayChange} />
        {mayChange && <AdminActs user={user} />}
        <p><Link to="/admin/checkouts" search={{ user: user.id }} className="underline underline-offset-4">{m.admin_to_desk()}</Link></p>
      </Plate>
      <Readiness userId={user.id} name={user.name} />
      <Trainings user={user} me={me} />
      <Exemptions user={user} me={me} />
    </section>
  );
}

function Facts({ user }: { user: User }) {
  const nameOf = usePlaceNames();
  const scope = [...(user.scope?.machines ?? []).map(nameOf), ...(user.scope?.categories ?? [])];
  return (
    <dl className="grid gap-x-8 gap-y-1 sm:grid-cols-[auto_1fr]">
      <dt className="font-semibold">{m.zone()}</dt>
      <dd>{user.timeZone}</dd>
      {user.membershipUntil && (
        <>
          <dt className="font-semibold">{m.member_until()}</dt>
          <dd>{said(user.membershipUntil)}</dd>
        </>
      )}
      {user.groups && user.groups.length > 0 && (
        <>
          <dt className="font-semibold">{m.admin_groups()}</dt>
          <dd>{user.groups.join(", ")}</dd>
        </>
      )}
      {scope.length > 0 && (
        <>
          <dt className="font-semibold">{m.admin_scope()}</dt>
          <dd>{scope.join(", ")}</dd>
        </>
      )}
      <dt className="font-semibold">{m.admin_factor_is()}</dt>
      <dd>{user.factorEnrolled ? m.admin_factor_yes() : m.admin_factor_no()}</dd>
      {user.suspension?.until && (
        <>
          <dt className="font-semibold">{m.admin_standing()}</dt>
          <dd>{m.admin_suspended_until({ time: said(user.suspension.until) })}</dd>
        </>
      )}
      {user.suspension?.reason && <dd className="col-span-full">“{user.suspension.reason}”</dd>}
      {user.legalHold && <dd className="col-span-full"><Badge tone="wait">{m.admin_held()}</Badge></dd>}
    </dl>
  );
}

function Roles({ user, mayChange }: { user: User; mayChange: boolean }) {
  const [roles, setRoles] = useState(user.roles);
  const save = useAct(() => {
    const params = { path: { userId: user.id }, header: MARK };
    return api.PATCH("/api/users/{userId}", { params, body: { roles } });
  });
  const isChanged = ROLES.some((role) => roles.includes(role) !== user.roles.includes(role));
  return (
    <fieldset className="grid gap-2">
      <legend className="font-semibold">{m.admin_roles()}</legend>
      <div className="flex flex-wrap gap-x-6">
        {ROLES.map((role) => (
          <Check
            key={role}
            label={roleName(role)}
            isDisabled={!mayChange}
            isSelected={roles.includes(role)}
            onChange={(on) => setRoles(on ? [...roles, role] : roles.filter((one) => one !== role))}
          />
        ))}
      </div>
      {isChanged && (
        <Button className="justify-self-start" isDisabled={roles.length === 0} isPending={save.isPending} onPress={() => save.mutate()}>
          {m.admin_roles_save()}
        </Button>
      )}
      {save.error && <Fault error={save.error} />}
    </fieldset>
  );
}
