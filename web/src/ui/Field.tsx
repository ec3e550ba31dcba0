import {
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Button as Base,
  Popover,
  Select as BaseSelect,
  SelectValue,
  Text,
  TextArea,
  TextField as BaseField,
  type TextFieldProps,
} from "react-aria-components";
import type { ProblemError } from "../api/problem";
import { classes } from "./classes";

const BOX =
  "min-h-11 w-full rounded-cut border border-edge bg-plate px-3 py-2 text-ink " +
  "data-[invalid]:border-stop";

interface FieldProps extends Omit<TextFieldProps, "className"> {
  label: string;
  hint?: string;
  error?: string | undefined;
  rows?: number;
  className?: string;
}

/** What the API found wrong with the field at `pointer` of the body that was sent. */
export function faultAt(problem: ProblemError | undefined, pointer: string): string | undefined {
  return problem?.fields.find((field) => field.pointer === pointer)?.detail;
}

/**
 * A line or an area of text with its label, hint and what is wrong with it.
 * What the API refused must not keep the browser from sending it again: only the person can know
 * whether it would be refused again.
 */
export function TextField({ label, hint, error, rows, className, ...rest }: FieldProps) {
  return (
    <BaseField
      {...rest}
      isInvalid={Boolean(error)}
      validationBehavior={error ? "aria" : "native"}
      className={classes("grid content-start gap-1.5", className)}
    >
      <Label className="font-semibold">{label}</Label>
      {rows ? <TextArea rows={rows} className={BOX} /> : <Input className={BOX} />}
      {hint && <Text slot="description" className="text-note text-soft">{hint}</Text>}
      <FieldError className="text-note font-semibold text-stop">{error}</FieldError>
    </BaseField>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: { id: string; name: string }[];
  onChange(value: string): void;
  className?: string;
}

/** One of several, in a list that opens. */
export function Select({ label, value, options, onChange, className }: SelectProps) {
  return (
    <BaseSelect
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      className={classes("grid gap-1.5", className)}
    >
      <Label className="text-note font-semibold text-soft">{label}</Label>
      <Base className={classes(BOX, "flex cursor-pointer items-center justify-between gap-3 text-start")}>
        <SelectValue className="min-w-0 truncate" />
        <span aria-hidden="true" className="text-soft">▾</span>
      </Base>
      <Popover className="max-h-80 min-w-(--trigger-width) overflow-auto rounded-cut border border-edge bg-plate shadow-lg">
        <ListBox items={options} className="p-1">
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.name}
              className="cursor-pointer rounded-cut px-3 py-2 data-[focused]:bg-well data-[selected]:font-semibold"
            >
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </BaseSelect>
  );
}
