import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** Starts the Chromium of this machine with the isolation of sites that people's browsers have. */
export async function startChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error("no Chromium here: as root on Debian `make setup` installs it");
  // Playwright turns off what a browser of a person has; then its tests would prove nothing about isolation.
  return await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--site-per-process"],
    ignoreDefaultArgs: ["--disable-popup-blocking", "--disable-background-networking"],
  });
}
