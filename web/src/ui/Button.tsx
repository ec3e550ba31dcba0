import { Button as Base, type ButtonProps } from "react-aria-components";
import { type LookProps, lookOf } from "./looks";

type Props = Omit<ButtonProps, "className"> & LookProps;

/** A press that acts. While it is pending it keeps the focus and takes no further press. */
export function Button({ look, className, ...rest }: Props) {
  return <Base {...rest} className={lookOf({ look, className })} />;
}
