import { Checkbox } from "react-aria-components";
import { classes } from "./classes";

interface CheckProps {
  label: string;
  isSelected: boolean;
  onChange(on: boolean): void;
  isDisabled?: boolean;
  /** The label is read, and something beside it shows the same. */
  isBare?: boolean;
}

/** Something that is so or not. */
export function Check({ label, isSelected, onChange, isDisabled = false, isBare = false }: CheckProps) {
  return (
    <Checkbox
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled}
      {...(isBare ? { "aria-label": label } : {})}
      className={classes(
        "group inline-flex cursor-pointer items-center gap-2.5 font-semibold data-[disabled]:cursor-default data-[disabled]:text-soft",
        isBare ? "min-h-6 min-w-6" : "min-h-11",
      )}
    >
      <i
        aria-hidden="true"
        className="grid size-5 shrink-0 place-items-center rounded-cut border border-edge bg-plate text-note not-italic group-data-[selected]:border-enamel group-data-[selected]:bg-enamel group-data-[selected]:text-on-enamel"
      >
        {isSelected ? "✓" : ""}
      </i>
      {!isBare && label}
    </Checkbox>
  );
}
