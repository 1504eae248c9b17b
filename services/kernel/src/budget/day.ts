/** The calendar day (`yyyy-mm-dd`) of a moment in the owner's time zone, or in the machine's when none (or an unknown one) is set. */
export function toDay(moment: Date, timeZone: string | undefined): string {
  return toFormat(timeZone).format(moment);
}

function toFormat(timeZone: string | undefined): Intl.DateTimeFormat {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" } as const;
  try {
    return new Intl.DateTimeFormat("en-CA", { ...parts, ...(timeZone === undefined ? {} : { timeZone }) });
  } catch {
    return new Intl.DateTimeFormat("en-CA", parts);
  }
}
