import { type KeyboardEvent, type ReactElement, useEffect, useRef } from "react";
import { ChatTools } from "../chat/chat-tools.tsx";
import { Icon } from "../design/icon.tsx";
import { IconButton } from "../design/parts.tsx";
import { type Rect, type WindowState, toShownRect } from "../state/window-layout.ts";
import { useWindows, windows } from "../state/window-store.ts";
import { type Grip, toKeyMove } from "./pointer-move.ts";
import { useWindowPull } from "./use-window-pull.ts";
import { WindowContent } from "./window-content.tsx";
import { useWindowHeading, useWindowTitle, WindowIcon } from "./window-title.tsx";

const grips: readonly Grip[] = ["n", "s", "e", "w", "ne", "nw", "se", "sw"];

interface FrameProps {
  readonly window: WindowState;
  readonly isFront: boolean;
  /** How many windows lie beneath it. */
  readonly rank: number;
}

/** One window with its title bar and grips. */
export function WindowFrame({ window, isFront, rank }: FrameProps): ReactElement {
  const { id, mode, minimised } = window;
  const area = useWindows((state) => state.area);
  const title = useWindowTitle(id);
  const heading = useWindowHeading(id);
  const { snap, start } = useWindowPull(id);
  const frame = useRef<HTMLElement>(null);
  const rect = toShownRect(window, area);
  useFocusWhenInFront(frame, isFront);
  return (
    <>
      <section
        ref={frame}
        className="window"
        aria-label={title}
        data-front={isFront}
        data-mode={mode}
        data-window={id}
        tabIndex={-1}
        hidden={minimised}
        style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height, zIndex: rank + 1 }}
        onPointerDownCapture={() => windows.focus(id)}
        onFocusCapture={() => windows.focus(id)}
      >
        <header className="title-bar" onPointerDown={start("title")} onDoubleClick={() => toggleFull(window)}>
          <Mover id={id} title={title} rect={rect} />
          <WindowIcon id={id} />
          <h2 title={heading}>{heading}</h2>
          <WindowControls window={window} title={title} />
        </header>
        <div className="window-body">
          <WindowContent id={id} />
        </div>
        {grips.map((grip) => (
          <div key={grip} className="grip" data-grip={grip} onPointerDown={start(grip)} aria-hidden="true" />
        ))}
      </section>
      {snap !== undefined && <SnapPreview rect={toShownRect({ mode: snap, rect }, area)} />}
    </>
  );
}

interface MoverProps {
  readonly id: string;
  readonly title: string;
  readonly rect: Rect;
}

/** Moves, resizes and snaps a window by keyboard. */
function Mover({ id, title, rect }: MoverProps): ReactElement {
  const move = (event: KeyboardEvent): void => {
    const to = toKeyMove(event, rect);
    if (to === undefined) return;
    event.preventDefault();
    if ("mode" in to) windows.setMode(id, to.mode);
    else windows.place(id, to.rect);
  };
  return (
    <button
      type="button"
      className="icon-button mover"
      aria-label={`Move ${title}: arrow keys move, with Shift they resize, with Alt they snap`}
      title="Arrow keys move · Shift resizes · Alt snaps"
      onKeyDown={move}
    >
      <Icon name="move" size={16} />
    </button>
  );
}

function WindowControls({ window, title }: { readonly window: WindowState; readonly title: string }): ReactElement {
  return (
    <div className="window-controls">
      {window.id === "chat" && <ChatTools />}
      <IconButton icon="minimise" label={`Minimise ${title}`} onClick={() => windows.minimise(window.id)} />
      <span className="maximiser">
        <IconButton
          icon={window.mode === "free" ? "maximise" : "restore"}
          label={window.mode === "free" ? `Maximise ${title}` : `Restore ${title}`}
          onClick={() => toggleFull(window)}
        />
      </span>
      <IconButton icon="close" label={`Close ${title}`} onClick={() => windows.close(window.id)} />
    </div>
  );
}

function SnapPreview({ rect }: { readonly rect: Rect }): ReactElement {
  return <div className="snap-preview" style={{ left: rect.x, top: rect.y, width: rect.width, height: rect.height }} />;
}

function toggleFull(window: WindowState): void {
  windows.setMode(window.id, window.mode === "free" ? "full" : "free");
}

/** Whether the person is in the middle of a text: a window that opens by itself must not take the keyboard away. */
function isWriting(): boolean {
  const active = document.activeElement;
  return (
    (active instanceof HTMLTextAreaElement || active instanceof HTMLInputElement) &&
    active.value !== "" &&
    active.offsetParent !== null
  );
}

/** Brings the keyboard along when a window comes to the front, unless it is in it already. */
function useFocusWhenInFront(frame: React.RefObject<HTMLElement | null>, isFront: boolean): void {
  useEffect(() => {
    const element = frame.current;
    if (!isFront || element === null || element.contains(document.activeElement) || isWriting()) return;
    const first = element.querySelector<HTMLElement>("textarea, [data-first-focus]");
    (first ?? element).focus({ preventScroll: true });
  }, [frame, isFront]);
}
