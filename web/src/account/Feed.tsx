import { useMutation } from "@tanstack/react-query";
import { api, MARK } from "../api/client";
import { m } from "../paraglide/messages";
import { Button } from "../ui/Button";
import { CopyField } from "../ui/CopyField";
import { Done, Section } from "../ui/Page";
import { ProblemNotice } from "../ui/ProblemNotice";

/** The secret address of one's own calendar: made, shown once, made anew, taken away. */
export function Feed() {
  const reset = useMutation({
    mutationFn: async (enabled: boolean) =>
      (await api.POST("/api/calendar/reset", { params: { header: MARK }, body: { enabled } })).data,
  });
  const url = reset.data?.url;
  const isOff = reset.isSuccess && !url;
  return (
    <Section title={m.feed()}>
      <p className="max-w-prose">{m.feed_text()}</p>
      {url && <CopyField label={m.feed_address()} hint={m.feed_once()} value={url} />}
      {isOff && <Done>{m.feed_is_off()}</Done>}
      {reset.error && <ProblemNotice error={reset.error} />}
      <div className="flex flex-wrap gap-3">
        <Button onPress={() => reset.mutate(true)} isPending={reset.isPending && reset.variables}>
          {url ? m.feed_again() : m.feed_make()}
        </Button>
        <Button look="stop" onPress={() => reset.mutate(false)} isPending={reset.isPending && !reset.variables}>
          {m.feed_off()}
        </Button>
      </div>
      <p className="text-note text-soft">{m.feed_warning()}</p>
    </Section>
  );
}
