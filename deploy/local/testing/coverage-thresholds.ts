/** The least branch coverage in percent. The longest matching folder decides. */
export const thresholds: Readonly<Record<string, number>> = {
  "": 85,
  "libs/policy": 95,
  "libs/turn": 95,
  "services/file": 95,
  "services/dispatcher": 95,
  "services/gateway/src/auth": 95,
};
