/** Something that may be found: where, and what is there. */
export interface Place {
  readonly where: string;
  readonly bytes: Buffer;
}

/** A secret that was planted, and the places that may hold it. */
export interface Canary {
  readonly name: string;
  readonly value: string;
  readonly isAllowed: (place: Place) => boolean;
}

/** The texts under which a value may hide; made without the product's own code, which is under test here. */
export function toForms(value: string): Map<string, string> {
  const bytes = Buffer.from(value);
  const forms = new Map([
    ["plain", value],
    ["hex", bytes.toString("hex")],
    ["HEX", bytes.toString("hex").toUpperCase()],
    ["address", encodeURIComponent(value)],
    ["json", JSON.stringify(value).slice(1, -1)],
  ]);
  for (const before of ["", "x", "xx"]) {
    // What stays the same of its base64 wherever it stands: without the letters that its neighbours share.
    const from = before === "" ? 0 : before.length + 1;
    const coded = Buffer.from(before + value)
      .toString("base64")
      .replace(/=+$/, "");
    forms.set(`base64 +${before.length}`, coded.slice(from, -2));
    forms.set(`base64url +${before.length}`, coded.slice(from, -2).replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** Every form of every canary in every place that may not hold it. */
export function findLeaks(canaries: readonly Canary[], places: readonly Place[]): string[] {
  return canaries.flatMap((canary) => {
    const suspects = places.filter((place) => !canary.isAllowed(place));
    return [...toForms(canary.value)].flatMap(([form, text]) =>
      suspects.filter(({ bytes }) => bytes.includes(text)).map(({ where }) => `${canary.name} (${form}) in ${where}`),
    );
  });
}

/** The places that hold a text as it is. */
export function findPlaces(text: string, places: readonly Place[]): string[] {
  return places.filter(({ bytes }) => bytes.includes(text)).map(({ where }) => where);
}
