import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, MARK, type Schemas } from "../api/client";
import { $api } from "../api/hooks";
import { asProblem } from "../api/problem";
import { LANGUAGES } from "../app/LanguageSelect";
import { zones } from "../lib/time";
import { m } from "../paraglide/messages";
import { isLocale } from "../paraglide/runtime";
import { Button } from "../ui/Button";
import { Check } from "../ui/Check";
import { faultAt, Select, TextField } from "../ui/Field";
import { Done, Loading, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

type Choices = Schemas["Preferences"];
type Hours = NonNullable<Choices["quietHours"]>;
type Topic = Choices["muted"][number];

/** What a person is told of, in which language, and when not. */
export function Preferences({ isStaff }: { isStaff: boolean }) {
  const kept = $api.useQuery("get", "/api/preferences");
  return (
    <Section title={m.letters()}>
      {kept.isPending && <Loading rows={3} />}
      {kept.error && <ProblemNotice error={kept.error} onRetry={() => void kept.refetch()} />}
      {kept.data && <Choose kept={kept.data.preferences} isStaff={isStaff} />}
    </Section>
  );
}

function Choose({ kept, isStaff }: { kept: Choices; isStaff: boolean }) {
  const [wanted, setWanted] = useState(kept);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () => api.PUT("/api/preferences", { params: { header: MARK }, body: wanted }),
    onSuccess: () => client.invalidateQueries(),
  });
  const change = (next: Partial<Choices>) => {
    save.reset();
    setWanted((old) => ({ ...old, ...next }));
  };
  const setQuiet = (hours: Hours | undefined) => {
    const { quietHours: _, ...rest } = wanted;
    save.reset();
    setWanted(hours ? { ...rest, quietHours: hours } : rest);
  };
  const problem = save.error ? asProblem(save.error) : undefined;
  return (
    <Form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Topics muted={wanted.muted} isStaff={isStaff} onChange={(muted) => change({ muted })} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          label={m.letters_language()}
          value={wanted.language}
          options={LANGUAGES}
          onChange={(language) => isLocale(language) && change({ language })}
        />
        <Select
          label={m.letters_zone()}
          value={wanted.timeZone}
          options={zones([wanted.timeZone])}
          onChange={(timeZone) => change({ timeZone })}
        />
      </div>
      <Quiet hours={wanted.quietHours ?? undefined} onChange={setQuiet} fault={faultAt(problem, "/quietHours")} />
      {problem && <ProblemNotice error={problem} />}
      {save.isSuccess && <Done>{m.prefs_saved()}</Done>}
      <Button type="submit" className="justify-self-start" isPending={save.isPending}>{m.prefs_save()}</Button>
    </Form>
  );
}

interface TopicsProps {
  muted: Topic[];
  isStaff: boolean;
  onChange(muted: Topic[]): void;
}

/** What is ticked is told; the API keeps what is not. */
function Topics({ muted, isStaff, onChange }: TopicsProps) {
  const topics: [Topic, string][] = [
    ["reservations", m.topic_reservations()],
    ["reminder_24h", m.topic_reminder_24h()],
    ["reminder_1h", m.topic_reminder_1h()],
    ["checkouts", m.topic_checkouts()],
  ];
  if (isStaff) topics.push(["requests", m.topic_requests()]);
  return (
    <fieldset className="grid gap-1">
      <legend className="text-note font-semibold text-soft">{m.topics()}</legend>
      {topics.map(([topic, name]) => (
        <Check
          key={topic}
          label={name}
          isSelected={!muted.includes(topic)}
          onChange={(on) => onChange(on ? muted.filter((one) => one !== topic) : [...muted, topic])}
        />
      ))}
      <p className="text-note text-soft">{m.topics_hint()}</p>
    </fieldset>
  );
}

interface QuietProps {
  hours: Hours | undefined;
  fault: string | undefined;
  onChange(hours: Hours | undefined): void;
}

const NIGHT: Hours = { from: "22:00", to: "07:00" };

function Quiet({ hours, fault, onChange }: QuietProps) {
  const set = (next: Partial<Hours>) => onChange({ ...NIGHT, ...hours, ...next });
  return (
    <fieldset className="grid gap-3">
      <legend className="text-note font-semibold text-soft">{m.quiet_hours()}</legend>
      <Check
        label={m.quiet_hours_on()}
        isSelected={hours !== undefined}
        onChange={(on) => onChange(on ? NIGHT : undefined)}
      />
      {hours && (
        <div className="flex flex-wrap gap-4">
          <TextField label={m.quiet_from()} type="time" value={hours.from} onChange={(from) => set({ from })} error={fault} isRequired />
          <TextField label={m.quiet_to()} type="time" value={hours.to} onChange={(to) => set({ to })} isRequired />
        </div>
      )}
    </fieldset>
  );
}
