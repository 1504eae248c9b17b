import { z } from "zod";
import { create } from "zustand";
import { keep, readKept } from "./kept-state.ts";

/** Light, dark, or what the device prefers. */
export type ThemeChoice = "system" | "light" | "dark";

const KEY = "settings";
const keptSettings = z.object({ theme: z.enum(["system", "light", "dark"]) });

/** Choices of this browser. `theme` is what is chosen, `shownTheme` what that means now. */
export const useSettings = create<{ readonly theme: ThemeChoice; readonly shownTheme: "light" | "dark" }>(() => {
  const theme = readKept(KEY, keptSettings)?.theme ?? "system";
  return { theme, shownTheme: toShownTheme(theme) };
});

/** Chooses a theme and keeps the choice. */
export function chooseTheme(theme: ThemeChoice): void {
  keep(KEY, { theme });
  useSettings.setState({ theme, shownTheme: toShownTheme(theme) });
  showTheme(theme);
}

/** Shows the chosen theme and follows the device's preference; returns how to stop. */
export function followTheme(): () => void {
  const device = globalThis.matchMedia("(prefers-color-scheme: dark)");
  const note = (): void => {
    const { theme } = useSettings.getState();
    useSettings.setState({ shownTheme: toShownTheme(theme) });
  };
  showTheme(useSettings.getState().theme);
  device.addEventListener("change", note);
  return () => device.removeEventListener("change", note);
}

function showTheme(theme: ThemeChoice): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function toShownTheme(theme: ThemeChoice): "light" | "dark" {
  if (theme !== "system") return theme;
  return globalThis.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
