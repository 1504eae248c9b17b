import type { ReactElement } from "react";
import { chooseTheme, useSettings, type ThemeChoice } from "../state/settings-store.ts";
import { DeviceSection } from "./device-section.tsx";
import { StatusSection } from "./status-section.tsx";
import "./settings.css";

/** How the system is, how it looks here, and which browsers may use it. */
export function SettingsWindow(): ReactElement {
  return (
    <div className="settings scroll">
      <AppearanceSection />
      <StatusSection />
      <DeviceSection />
    </div>
  );
}

const themes: readonly { readonly theme: ThemeChoice; readonly label: string }[] = [
  { theme: "system", label: "Like this device" },
  { theme: "light", label: "Light" },
  { theme: "dark", label: "Dark" },
];

function AppearanceSection(): ReactElement {
  const chosen = useSettings(({ theme }) => theme);
  return (
    <section aria-labelledby="appearance">
      <h2 id="appearance">Appearance</h2>
      <fieldset className="choices">
        <legend className="for-screen-readers">Theme</legend>
        {themes.map(({ theme, label }) => (
          <label key={theme} className="choice">
            <input type="radio" name="theme" checked={chosen === theme} onChange={() => chooseTheme(theme)} />
            <span className="preview" data-preview={theme} aria-hidden="true" />
            {label}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
