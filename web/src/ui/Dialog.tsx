import type { ReactNode } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";

interface AppDialogProps {
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  isDismissable?: boolean;
  children: ReactNode;
}

/** A question over the page; its heading goes into the slot `title`. */
export function AppDialog({ isOpen, onOpenChange, isDismissable = true, children }: AppDialogProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      className="fixed inset-0 z-30 grid items-end overflow-y-auto bg-ink/40 sm:items-center sm:justify-items-center sm:p-6 dark:bg-bench/80"
    >
      <Modal className="w-full border-t-3 border-enamel bg-plate shadow-2xl sm:max-w-lg">
        <Dialog className="grid gap-5 p-5 outline-none sm:p-7">{children}</Dialog>
      </Modal>
    </ModalOverlay>
  );
}
