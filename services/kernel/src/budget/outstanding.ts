/** Money that calls under way may still cost; calls of one process see each other's through it. */
export interface Outstanding {
  usd: number;
}
