import { type ReactElement, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Failure, toSentence } from "../live/failure.ts";
import { Icon, type IconName } from "./icon.tsx";

/** A button that is only an icon; `label` is its name. */
export function IconButton(props: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly expanded?: boolean;
  readonly disabled?: boolean;
}): ReactElement {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={props.label}
      title={props.label}
      aria-expanded={props.expanded}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** Says honestly that there is nothing, and what helps. */
export function EmptyState({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <div className="empty-state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Says what failed, with a way to try again. */
export function FailureState({
  failure,
  onRetry,
}: {
  readonly failure: Failure;
  readonly onRetry: () => void;
}): ReactElement {
  return (
    <div className="empty-state" role="alert">
      <h2>{toSentence(failure.code)}</h2>
      <p className="small">{failure.detail}</p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  );
}

const SKELETON_AFTER_MS = 300;

/** A placeholder that shows only when loading takes longer than a blink. */
export function Skeleton({ label }: { readonly label: string }): ReactElement | null {
  const [isShown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div className="skeleton" role="status" aria-label={label}>
      <i />
      <i />
      <i />
    </div>
  );
}

/** A dialog in front of everything; Esc and a click beside it close it. */
export function Dialog(props: {
  readonly label: string;
  readonly className?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const box = useRef<HTMLDialogElement>(null);
  // Closing it, and not only taking it away, gives the keyboard back to where it was.
  useLayoutEffect(() => {
    const element = box.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog scroll ${props.className ?? ""}`}
      aria-label={props.label}
      onClose={() => {
        // React may take effects back and do them again: what counts is whether it is closed now.
        if (box.current?.open === false) props.onClose();
      }}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === box.current && isOutside(box.current, event)) props.onClose();
      }}
    >
      {props.children}
    </dialog>
  );
}

function isOutside(box: HTMLDialogElement, at: { readonly clientX: number; readonly clientY: number }): boolean {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return at.clientX < left || at.clientX > right || at.clientY < top || at.clientY > bottom;
}

/** A text with a button that copies it. */
export function CopyLine({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}

/** Copies a text; says so for a moment. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }): ReactElement {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  const copy = async (): Promise<void> => {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setState(copied ? "copied" : "refused");
    setTimeout(() => setState("ready"), 1_600);
  };
  const words = { ready: label, copied: "Copied", refused: "The browser didn’t allow it" }[state];
  return <IconButton icon={state === "copied" ? "check" : "copy"} label={words} onClick={() => void copy()} />;
}
