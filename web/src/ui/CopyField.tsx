import { useState } from "react";
import { m } from "../paraglide/messages";
import { Button } from "./Button";
import { TextField } from "./Field";

interface CopyFieldProps {
  label: string;
  hint?: string;
  value: string;
  rows?: number;
}

/** A text to be taken elsewhere, with a button that copies it. */
export function CopyField({ label, hint, value, rows }: CopyFieldProps) {
  return (
    <div className="grid max-w-2xl gap-3">
      <TextField label={label} value={value} isReadOnly {...(hint ? { hint } : {})} {...(rows ? { rows } : {})} />
      <CopyButton value={value} />
    </div>
  );
}

/** Copies a text and says so. */
export function CopyButton({ value }: { value: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(value).then(() => setCopied(true));
  return (
    <Button onPress={copy} className="justify-self-start">
      <span role="status">{isCopied ? m.copied() : m.copy()}</span>
    </Button>
  );
}
