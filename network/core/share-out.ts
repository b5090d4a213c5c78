import {
  decidedBy,
  inServiceOrder,
  type RankedLine,
  type ServiceCriterion,
  type SharePoint,
  type WaitingLine,
} from './service-order.ts';

/** Why a line got what it got. */
export type ShareReason =
  /** There was enough for every line. */
  | 'enough'
  /** By this it stands before the first that was passed over, or behind the last that was served. */
  | ServiceCriterion
  /** Lines behind it were served: their pieces make whole machines, its own would not have. */
  | 'too-large'
  /** Served before lines that stand ahead of it: with what is there, these machines together save most. */
  | 'fits-best';

/** What one line gets of a supply, and why. */
export interface Share {
  readonly demandId: string;
  /** Place in the order of service, from 1. */
  readonly rank: number;
  readonly open: number;
  readonly given: number;
  readonly customerPartyId: string | null;
  readonly tier: string;
  readonly perHourMinor: number;
  readonly ageFactor: number;
  readonly savedH: number;
  /** What the given pieces save against the next supply; 0 for pieces that do not make a machine whole yet. */
  readonly gainMinor: number;
  readonly reason: ShareReason;
}

/** A line, and how many pieces there are that can serve it: of its own part, and of those that supersede it. */
export interface Claim {
  readonly line: WaitingLine;
  readonly reach: number;
}

/** Beyond this many steps the lines are served in their order: what waits is then many small lines, where order loses little. */
const STEPS_MAX = 5_000_000;

/**
 * Shares out what a shelf has among the lines that wait for it, so that most is saved against waiting for the next supply:
 *
 *   max Σ gain(line, pieces)   with   Σ pieces of lines that reach r or less ≤ r,  for every r
 *
 * Exact for a part and the chain of parts that supersedes it: a recursion over lines and pieces. Equal savings go by the order of
 * service, and pieces that complete nothing go to the first in that order: nobody waits beside a full shelf.
 *
 * Example: 2 pieces; one machine needs 2 and costs 100 an hour, two need 1 each at 80 an hour → the two, who save 160 an hour.
 */
export function shareOut(claims: readonly Claim[], point: SharePoint): readonly Share[] {
  const lines = claims.map(({line}) => line);
  const ranked = inServiceOrder(lines, point);
  const asked = ranked.reduce((sum, {open}) => sum + open, 0);
  const reachOf = new Map(claims.map(({line, reach}) => [line.demandId, Math.min(reach, asked)]));
  const reaches = ranked.map(({line}) => reachOf.get(line.demandId)!);
  const given = withRest(ranked, reaches, mostSaved(ranked, reaches));
  const reasonOf = reasons(ranked, given);
  return ranked.map((one, index) => ({
    demandId: one.line.demandId,
    rank: index + 1,
    open: one.open,
    given: given[index]!,
    customerPartyId: one.line.customerPartyId,
    tier: one.line.tier,
    perHourMinor: one.perHourMinor,
    ageFactor: one.ageFactor,
    savedH: Math.round(one.savedH * 100) / 100,
    gainMinor: Math.round(gainOf(one, given[index]!)),
    reason: reasonOf(index),
  }));
}

/** What pieces save, in whole minor units. */
function gainOf({whole, open, gainMinor}: RankedLine, pieces: number): number {
  if (whole) return pieces === open ? gainMinor : 0;
  return (gainMinor * pieces) / open;
}

/** Pieces for each line, most saved in all. */
function mostSaved(ranked: readonly RankedLine[], reaches: readonly number[]): readonly number[] {
  const supply = reaches.reduce((most, reach) => Math.max(most, reach), 0);
  const order = ranked.map((_, index) => index).sort((a, b) => reaches[a]! - reaches[b]! || a - b);
  const steps = ranked.reduce((sum, {whole, open}) => sum + (whole ? 2 : 1 + Math.min(open, supply)), 0);
  if (steps * (supply + 1) > STEPS_MAX) return ranked.map(() => 0); // all of it goes in the order of service
  // Gains are whole minor units; below one of them the place in the order decides.
  const pieces = ranked.reduce((sum, {open}) => sum + open, 0);
  const bonus = (index: number): number => (ranked.length - index) / (ranked.length * (pieces + 1));
  let best = new Float64Array(supply + 1).fill(-Infinity);
  best[0] = 0;
  const choices: Int32Array[] = [];
  for (const index of order) {
    const one = ranked[index]!;
    const next = new Float64Array(supply + 1).fill(-Infinity);
    const choice = new Int32Array(supply + 1);
    const shares = one.whole ? [0, one.open] : Array.from({length: one.open + 1}, (_, k) => k);
    for (let used = 0; used <= reaches[index]!; used += 1) {
      for (const share of shares) {
        if (share > used) break;
        const kept = share === 0 ? 0 : bonus(index) * (one.whole ? 1 : share);
        const saved = best[used - share]! + gainOf(one, share) + kept;
        if (saved <= next[used]!) continue;
        next[used] = saved;
        choice[used] = share;
      }
    }
    best = next;
    choices.push(choice);
  }
  let used = best.reduce((most, saved, at) => (saved > best[most]! ? at : most), 0);
  const given = ranked.map(() => 0);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    given[order[at]!] = choices[at]![used]!;
    used -= choices[at]![used]!;
  }
  return given;
}

/** Adds what is left, in the order of service. */
function withRest(
  ranked: readonly RankedLine[],
  reaches: readonly number[],
  shares: readonly number[],
): readonly number[] {
  const given = [...shares];
  const usedWithin = (reach: number): number =>
    given.reduce((sum, share, i) => sum + (reaches[i]! <= reach ? share : 0), 0);
  const limits = [...new Set(reaches)].map((reach) => ({reach, left: reach - usedWithin(reach)}));
  ranked.forEach(({open}, index) => {
    const bounds = limits.filter(({reach}) => reach >= reaches[index]!);
    const more = Math.min(open - given[index]!, ...bounds.map(({left}) => left));
    if (more <= 0) return;
    given[index]! += more;
    for (const bound of bounds) bound.left -= more;
  });
  return given;
}

function reasons(ranked: readonly RankedLine[], given: readonly number[]): (index: number) => ShareReason {
  const isServed = ranked.map(({open}, i) => given[i] === open);
  const firstPassed = isServed.indexOf(false);
  const lastServed = isServed.lastIndexOf(true);
  return (index) => {
    if (firstPassed < 0) return 'enough';
    if (isServed[index]!)
      return index < firstPassed ? decidedBy(ranked[index]!, ranked[firstPassed]!) : 'fits-best';
    if (lastServed < 0) return index === 0 ? 'too-large' : decidedBy(ranked[0]!, ranked[index]!);
    return index > lastServed ? decidedBy(ranked[lastServed]!, ranked[index]!) : 'too-large';
  };
}
