import { Button as Base, type ButtonProps } from "react-aria-components";
import { type LookProps, lookOf } from "./looks";

/** A press that acts. */
export function Button({ look, className, ...rest }: Omit<ButtonProps, "className"> & LookProps) {
  return <Base {...rest} className={lookOf({ look, className })} />;
}
