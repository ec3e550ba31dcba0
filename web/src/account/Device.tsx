import { LanguageSelect } from "../app/LanguageSelect";
import { clockHours, setClockHours } from "../lib/hours";
import { m } from "../paraglide/messages";
import { Select } from "../ui/Field";
import { Section } from "../ui/Page";

/** What this browser alone keeps: the language of the page and its clock; either loads it anew. */
export function Device() {
  const options = [
    { id: "usual", name: m.hours_usual() },
    { id: "24", name: m.hours_24() },
    { id: "12", name: m.hours_12() },
  ];
  return (
    <Section title={m.this_device()}>
      <div className="flex flex-wrap gap-5">
        <LanguageSelect />
        <Select
          label={m.hours()}
          value={clockHours() ?? "usual"}
          options={options}
          onChange={(hours) => {
            setClockHours(hours === "12" || hours === "24" ? hours : undefined);
            location.reload();
          }}
          className="max-w-56"
        />
      </div>
    </Section>
  );
}
