import fs from "node:fs";

// Swaps a folder with a link to another place as fast as it can, until its parent lets go of it.
const [folder = "", link = "", aside = ""] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
process.send?.("ready");

/** The service may have made the folder again meanwhile: that one has to go. */
function swap(from: string, to: string): void {
  while (fs.lstatSync(from, { throwIfNoEntry: false }) !== undefined) {
    try {
      fs.renameSync(from, to);
      return;
    } catch {
      removeIfPossible(to);
    }
  }
}

/** The service may put something into the folder while it is being removed: then the next round tries again. */
function removeIfPossible(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {}
}

function flip(): void {
  for (let at = 0; at < 200; at += 1) {
    swap(folder, aside);
    swap(link, folder);
    swap(folder, link);
    swap(aside, folder);
  }
  setImmediate(flip);
}
flip();
