import type { ReactElement } from "react";
import { Icon } from "../design/icon.tsx";

/** Where one is in the home, each step a way back. */
export function Breadcrumb({
  path,
  onChosen,
}: {
  readonly path: string;
  readonly onChosen: (path: string) => void;
}): ReactElement {
  const names = path === "" ? [] : path.split("/");
  const steps = names.map((name, index) => ({ name, path: names.slice(0, index + 1).join("/") }));
  return (
    <nav aria-label="Where you are" className="breadcrumb">
      <ol>
        {[{ name: "Home", path: "" }, ...steps].map((step, index) => (
          <li key={step.path}>
            {index > 0 && <Icon name="right" size={12} />}
            <button
              type="button"
              aria-current={step.path === path ? "page" : undefined}
              onClick={() => onChosen(step.path)}
            >
              {step.name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
