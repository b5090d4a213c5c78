import {z} from 'zod';
import {HORIZONS_H} from '../domain/forecast.ts';
import {groupBy} from '../domain/group-by.ts';
import {DAY_MS, epochMs, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {DEFAULT_WATCH_RULES, WatchRules} from './core/watch-rules.ts';
import {
  RECENT_DAYS,
  REFERENCE_DAYS,
  alarmsOf,
  breachesOf,
  calibrationOf,
  driftOf,
  firstScores,
  recentScores,
  thinned,
} from './core/watch-figures.ts';
import type {Drift, Reference, WatchFigures} from './core/watch-figures.ts';
import {WatchTally, midnight, windowStart} from './core/watch-tally.ts';
import type {Slice, SliceTally, WatchWindow} from './core/watch-tally.ts';
import type {Champion, InputMean, SliceReference, WatchRow, WatchStore} from './watch-ports.ts';

/** Slices that one night keeps at most: the classes as wholes come first. */
const SLICES_MAX = 5000;

export interface WatchPorts {
  readonly store: WatchStore;
  readonly report: (problem: string) => void;
}

/** What the night has done. */
export interface Watched {
  readonly slices: number;
  readonly fallenBack: number;
}

/**
 * The nightly look at what was forecast and what came of it: counts it by version, class and depot, keeps the figures, and sends a
 * class whose champion is out of bounds back to its age model.
 */
export async function watchModels({store, report}: WatchPorts, now: EpochMs): Promise<Watched> {
  const window = {now, rules: await rulesAt(store, now, report)};
  const tally = new WatchTally(window);
  const midnights = {from: windowStart(window), to: midnight(now)};
  for (let after: number | null = -1; after !== null;) {
    const page: Awaited<ReturnType<WatchStore['machines']>> = await store.machines(after, midnights);
    for (const machine of page.machines) tally.add(machine);
    after = page.last;
  }
  const slices = [...tally.slices]
    .sort((a, b) => Number(a.slice.depotId !== null) - Number(b.slice.depotId !== null))
    .slice(0, SLICES_MAX);
  const champions = await store.champions();
  const known = new Map((await store.references()).map((one) => [keyOf(one), one]));
  const begun = slices.map(({slice, tally: of}): SliceReference => {
    return known.get(keyOf(slice)) ?? {...slice, firstAt: epochMs(of.firstAt), reference: null};
  });
  const inputs = await InputSamples.read(store, begun, now);
  const references = begun.map((one, i) => renewed(one, slices[i]!.tally, inputs, now));
  const figures = slices.map(({slice, tally: of}, i) => ({
    ...slice,
    figures: figuresOf(of, window, sinceOf(slice, champions), references[i]!, inputs.now(slice)),
  }));
  const tests = figures
    .filter((one) => championOf(one, champions) !== undefined)
    .reduce((sum, {figures: {inputs: signals}}) => sum + HORIZONS_H.length + 1 + signals.length, 0);
  const rows = figures.map((one): WatchRow => ({
    ...one,
    breaches: breachesOf(one.figures, window.rules, Math.max(1, tests)),
  }));
  await store.save(midnight(now), rows, references);
  let fallenBack = 0;
  for (const row of rows) {
    const champion = championOf(row, champions);
    if (champion === undefined || !row.breaches.some((one) => window.rules.fallBackOn.includes(one)))
      continue;
    if (await store.fallBack(champion, row, now)) fallenBack += 1;
  }
  return {slices: rows.length, fallenBack};
}

async function rulesAt(
  store: Pick<WatchStore, 'rules'>,
  now: EpochMs,
  report: (problem: string) => void,
): Promise<WatchRules> {
  const stated = WatchRules.safeParse({...DEFAULT_WATCH_RULES, ...(await store.rules(now))});
  if (stated.success) return stated.data;
  report(`parameter predict.watch: ${z.prettifyError(stated.error)}`);
  return DEFAULT_WATCH_RULES;
}

/** The champion that a slice is all of. */
function championOf(
  {said, equipmentClassId, depotId}: Slice,
  champions: readonly Champion[],
): Champion | undefined {
  if (depotId !== null) return undefined;
  return champions.find((one) => one.modelVersionId === said && one.equipmentClassId === equipmentClassId);
}

function sinceOf(slice: Slice, champions: readonly Champion[]): number {
  return championOf({...slice, depotId: null}, champions)?.since ?? -Infinity;
}

function figuresOf(
  tally: SliceTally,
  window: WatchWindow,
  since: number,
  {reference}: SliceReference,
  inputs: ReadonlyMap<string, readonly number[]>,
): WatchFigures {
  const {now, rules} = window;
  return {
    calibration: calibrationOf(tally, window, since),
    alarms: alarmsOf(tally),
    scores: reference && driftOf('P(28 d)', reference.scores, recentScores(tally, now), rules.drift),
    inputs: [...inputs].flatMap(([signal, means]): Drift[] => {
      const drift = driftOf(signal, reference?.inputs[signal] ?? [], means, rules.drift);
      return drift === null ? [] : [drift];
    }),
  };
}

/** A reference is taken once, when the first weeks are over; before that the day on which they began is kept. */
function renewed(
  begun: SliceReference,
  tally: SliceTally,
  inputs: InputSamples,
  now: EpochMs,
): SliceReference {
  if (begun.reference !== null || begun.firstAt > now - REFERENCE_DAYS * DAY_MS) return begun;
  const reference: Reference = {
    scores: firstScores(tally, begun.firstAt),
    inputs: Object.fromEntries(inputs.first(begun)),
  };
  return {...begun, reference};
}

type BySignal = ReadonlyMap<string, readonly number[]>;

/** What machines sent in a model's first days, and what they send now, by slice. Age models read nothing. */
class InputSamples {
  readonly #now = new Map<string, BySignal>();
  readonly #first = new Map<string, BySignal>();

  static async read(
    store: Pick<WatchStore, 'inputs'>,
    slices: readonly SliceReference[],
    now: EpochMs,
  ): Promise<InputSamples> {
    const samples = new InputSamples();
    const days = RECENT_DAYS * DAY_MS;
    for (const {said, equipmentClassId, depotId, firstAt, reference} of slices) {
      if (depotId !== null || !readsSignals(said)) continue;
      const recent = await store.inputs(equipmentClassId, {from: plusMs(now, -days), to: now});
      samples.#take(samples.#now, said, equipmentClassId, recent);
      if (reference !== null) continue;
      const first = await store.inputs(equipmentClassId, {from: firstAt, to: plusMs(firstAt, days)});
      samples.#take(samples.#first, said, equipmentClassId, first);
    }
    return samples;
  }

  now(slice: Slice): BySignal {
    return this.#now.get(keyOf(slice)) ?? new Map();
  }

  first(slice: Slice): BySignal {
    return this.#first.get(keyOf(slice)) ?? new Map();
  }

  #take(
    into: Map<string, BySignal>,
    said: string,
    equipmentClassId: string,
    means: readonly InputMean[],
  ): void {
    const put = (depotId: string | null, own: readonly InputMean[]): void => {
      const bySignal = [...groupBy(own, ({signal}) => signal)];
      const thin = bySignal.map(([signal, list]) => [signal, thinned(list.map(({mean}) => mean))] as const);
      into.set(keyOf({said, equipmentClassId, depotId}), new Map(thin));
    };
    put(null, means);
    for (const [depotId, own] of groupBy(means, (one) => one.depotId))
      if (depotId !== null) put(depotId, own);
  }
}

function readsSignals(said: string): boolean {
  return said !== 'weibull-age' && said !== 'base-rate';
}

function keyOf({said, equipmentClassId, depotId}: Slice): string {
  return JSON.stringify([said, equipmentClassId, depotId]);
}
