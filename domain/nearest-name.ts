/**
 * The known name that is fewest typing mistakes away, or null when none is near: as many as a third of its letters.
 *
 * A mistake is a letter too many, missing or exchanged (Levenshtein 1966).
 * Example: 'replenish.polcy' among 'replenish.policy', 'predict.watch' → 'replenish.policy', one letter is missing.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = Infinity;
  for (const each of known) {
    const mistakes = mistakesBetween(name.slice(0, 2 * each.length), each); // what is longer is not near
    if (mistakes <= each.length / 3 && mistakes < fewest) [nearest, fewest] = [each, mistakes];
  }
  return nearest;
}

function mistakesBetween(typed: string, known: string): number {
  let row = Array.from({length: known.length + 1}, (_, i) => i);
  for (let i = 1; i <= typed.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= known.length; j += 1) {
      const exchanged = row[j - 1]! + (typed[i - 1] === known[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[known.length]!;
}
