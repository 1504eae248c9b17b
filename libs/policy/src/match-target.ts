/** Whether a pattern fits the whole target: `*` stands for anything inside one name, `**` for anything; case does not count. */
export function matchesTarget(pattern: string, target: string): boolean {
  return matches(pattern.normalize("NFC").toLowerCase(), target.normalize("NFC").toLowerCase());
}

/** Without regular expressions, so that no pattern can make it slow: one sweep over the target for each sign of the pattern. */
function matches(pattern: string, target: string): boolean {
  let reached = [true, ...Array.from({ length: target.length }, () => false)];
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] !== "*") {
      const sign = pattern[at];
      reached = reached.map((_, place) => place > 0 && reached[place - 1] === true && target[place - 1] === sign);
      continue;
    }
    const crossesNames = pattern[at + 1] === "*";
    if (crossesNames) at += 1;
    reached = runOn(reached, target, crossesNames);
  }
  return reached[target.length] === true;
}

/** Every place that can be reached by going on from a reached one, to the next name where names may be crossed. */
function runOn(reached: readonly boolean[], target: string, crossesNames: boolean): boolean[] {
  let isOn = false;
  return reached.map((isReached, place) => {
    if (!crossesNames && target[place - 1] === "/") isOn = false;
    isOn ||= isReached;
    return isOn;
  });
}
