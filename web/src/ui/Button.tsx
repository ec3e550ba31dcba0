import { Button as Base, type ButtonProps } from "react-aria-components";
import { type LookProps, lookOf } from "./looks";

type Props = Omit<ButtonProps, "className"> & LookProps;

/**
 * A press that acts. While it is pending it keeps the focus and takes no further press.
 * Not by the `isPending` of React Aria: that tells of a button by its id, which is without a name
 * once the press has led to another page.
 */
export function Button({ look, className, isPending = false, onPress, type = "button", ...rest }: Props) {
  return (
    <Base
      {...rest}
      type={isPending ? "button" : type}
      {...(onPress && !isPending ? { onPress } : {})}
      className={`${lookOf({ look, className })} ${isPending ? "animate-pulse" : ""}`}
    />
  );
}
