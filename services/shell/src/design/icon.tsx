import type { ReactElement } from "react";

const paths = {
  chat: "M4 5.5h16v10.5H11l-4.5 3.5V16H4z",
  files: "M3.5 6.5h6l2 2h9v10h-17z",
  history: "M4 12a8 8 0 1 0 2.6-5.9M4 4.5V8h3.5M12 8v4.3l2.8 1.7",
  settings: "M4 7h9m5 0h2M4 12h2m5 0h9M4 17h11m5 0h0M15.5 5v4M8.5 10v4M17.5 15v4",
  close: "M6.5 6.5l11 11m0-11l-11 11",
  minimise: "M6 12.5h12",
  maximise: "M6.5 6.5h11v11h-11z",
  restore: "M8.5 8.5v-3h10v10h-3m-10-7h10v10h-10z",
  move: "M9 6h0M9 12h0M9 18h0M15 6h0M15 12h0M15 18h0",
  send: "M12 19V5.5m0 0L6 11.5m6-6l6 6",
  stop: "M8 8h8v8H8z",
  plus: "M12 5.5v13M5.5 12h13",
  list: "M4.5 7h15m-15 5h15m-15 5h9",
  check: "M5.5 12.5l4.5 4.5 8.5-9.5",
  warn: "M12 8v5m0 3.2v0M12 3.8L21 19.5H3z",
  question: "M9.3 9.2a2.8 2.8 0 1 1 4 2.6c-.9.4-1.3 1-1.3 1.9m0 3v0",
  tool: "M14.5 6.5a3.8 3.8 0 0 0-5 5L4.5 16.5l3 3 5-5a3.8 3.8 0 0 0 5-5l-2.3 2.3-2.5-.5-.5-2.5z",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  eye: "M3 12s3.2-6 9-6 9 6 9 6-3.2 6-9 6-9-6-9-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  terminal: "M5 7l5 5-5 5m7 0h7",
  undo: "M9 14.5L4.5 10 9 5.5M5 10h9a5 5 0 0 1 0 10h-3",
  redo: "M15 14.5l4.5-4.5L15 5.5M19 10h-9a5 5 0 0 0 0 10h3",
  copy: "M8.5 8.5h10v10h-10zM15.5 8.5v-3h-10v10h3",
  file: "M6.5 3.5h7l4 4v13h-11zM13.5 3.5v4h4",
  folder: "M3.5 6.5h6l2 2h9v10h-17z",
  link: "M10 14l4-4m-5.5 1.5L6 14a3.2 3.2 0 0 0 4.5 4.5L13 16m-2-8l2.5-2.5A3.2 3.2 0 0 1 18 10l-2.5 2.5",
  up: "M6 14.5l6-6 6 6",
  down: "M6 9.5l6 6 6-6",
  right: "M9.5 6l6 6-6 6",
  download: "M12 4.5v10m0 0l-4.5-4.5m4.5 4.5l4.5-4.5M5 19.5h14",
  upload: "M12 15V5m0 0L7.5 9.5M12 5l4.5 4.5M5 19.5h14",
  trash: "M5 7h14M9.5 7V4.5h5V7m-8 0l1 13h9l1-13",
  search: "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm4.8-1.7l4.2 4.2",
  people: "M12 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 19.5c.8-3.2 3.4-5 7-5s6.200 1.800 7 5",
} as const;

/** A name of an icon. */
export type IconName = keyof typeof paths;

/** A line icon. It is decoration: the words beside it, or the label of its button, say what it means. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }): ReactElement {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "move" ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark: a matrix of dots, one of them alive. */
export function Mark({ size = 24 }: { readonly size?: number }): ReactElement {
  const places = [6, 12, 18];
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {places.flatMap((y) =>
        places.map((x) => {
          const isCentre = x === 12 && y === 12;
          const isSoft = x === 12 && !isCentre;
          return (
            <circle
              key={`${x} ${y}`}
              cx={x}
              cy={y}
              r={isCentre ? 3 : 2}
              fill={isCentre ? "var(--spark)" : "var(--accent)"}
              opacity={isSoft ? 0.5 : 1}
            />
          );
        }),
      )}
    </svg>
  );
}

// The way around the centre, so that the light runs in a circle.
const turns = [0, 1, 2, 7, 8, 3, 6, 5, 4];

/** Says that something works. */
export function WorkingDots(): ReactElement {
  return (
    <span className="dots" aria-hidden="true">
      {turns.map((turn) => (
        <i key={turn} style={{ "--turn": turn } as React.CSSProperties} />
      ))}
    </span>
  );
}
