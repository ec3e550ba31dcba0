import { createLink } from "@tanstack/react-router";
import type { ComponentProps } from "react";
import { type LookProps, lookOf } from "./looks";

const Anchor = ({ look, className, ...rest }: ComponentProps<"a"> & LookProps) => (
  <a {...rest} className={lookOf({ look, className })} />
);

/** A link that looks like a button, into a page of the app. */
export const ButtonLink = createLink(Anchor);
