import {DAY_MS, HOUR_MS, epochMs, plusMs, type EpochMs} from '../../../domain/time.ts';
import type {Scorer} from '../../../predict/core/score.ts';
import {machineSpecs} from '../../../simulator/machine-spec.ts';
import {referenceNetwork} from '../../../simulator/network.ts';
import type {MachineSpec} from '../../../simulator/timeline.ts';
import {doubled, passedClasses, shuffled} from './bad-models.ts';
import type {Figures} from './books.ts';
import {POLICIES, type PolicyName, type SeedFigures} from './compare.ts';
import {corePolicy} from './core-policy.ts';
import {demandsOf, livesOf, type Lives} from './demand-stream.ts';
import {sumFigures} from './figures.ts';
import {ageLaw, forecasts, type Foresight} from './foresight.ts';
import type {Level} from './level-policy.ts';
import {scoreFleet, type Grid, type ScoredFleet, type Tracks} from './model-scores.ts';
import {partWorlds, type PartWorld} from './part-world.ts';
import {perfectForesight} from './perfect-foresight.ts';
import {runPart, type Stretch} from './run-part.ts';
import {alarmsOf, tuneLevels, type TunedLevels} from './rivals.ts';
import {openingStock, ratesOf, runLevels, NO_ALARMS, type Trial} from './tuned-levels.ts';

export interface BenchmarkOptions {
  readonly machines: number;
  /** Part ids; all when left out. */
  readonly parts?: readonly string[] | undefined;
  readonly warmUpDays: number;
  readonly days: number;
  readonly seeds: number;
  /** Seeds that levels are tuned on: none of those that are compared. */
  readonly tuningSeeds: number;
  /** So many of them are scored as well: for the gate, and to tune what follows alarms. */
  readonly scoredTuningSeeds: number;
  readonly gridHours: number;
  /** Compared beside the base stock; all when left out. */
  readonly policies?: readonly PolicyName[] | undefined;
  /** Whether bad models are also shown without the gate. */
  readonly ungated: boolean;
  readonly scorer: Scorer;
  readonly onProgress: (step: string) => void;
}

export interface BenchmarkFigures {
  readonly parts: readonly string[];
  readonly seeds: readonly SeedFigures[];
  /** Equipment classes whose model passes the gate: as shipped, shuffled, doubled. */
  readonly passed: Readonly<Record<ModelKind, readonly string[]>>;
  /** Of ours and the base stock, part by part, all seeds together. */
  readonly byPart: readonly {readonly partId: string; readonly figures: SeedFigures}[];
}

type ModelKind = 'shipped' | 'shuffled' | 'doubled';

/** No model was trained on this fleet. */
const NETWORK_SEED = 7;
const NETWORK_START = epochMs(Date.UTC(2026, 0, 1));
/** Progress is told after so many. */
const MACHINES_A_LINE = 50;
const tuningSeed = (nth: number): number => 50_000 + nth;
const judgedSeed = (nth: number): number => 90_000 + nth;

/** Everything that does not depend on the seed judged. */
interface Prepared {
  readonly specs: readonly MachineSpec[];
  readonly classOf: ReadonlyMap<string, string>;
  readonly passed: Readonly<Record<ModelKind, ReadonlySet<string>>>;
  readonly parts: readonly {
    readonly world: PartWorld;
    readonly opening: ReadonlyMap<string, number>;
    readonly levels: TunedLevels;
  }[];
}

/** Runs every policy over the same seeds of the reference network, in memory. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkFigures> {
  const prepared = await prepare(options);
  const seeds: SeedFigures[] = [];
  const byPart = prepared.parts.map(({world}) => ({partId: world.partId, all: [] as SeedFigures[]}));
  for (let nth = 0; nth < options.seeds; nth += 1) {
    const year = await yearOf(
      options,
      prepared.specs,
      judgedSeed(nth),
      `seed ${nth + 1} of ${options.seeds}`,
    );
    const parts = prepared.parts.map((part, i) => {
      options.onProgress(`seed ${nth + 1} of ${options.seeds}: ${part.world.partId}`);
      const figures = runPolicies(options, prepared, part, year);
      byPart[i]!.all.push(figures);
      return figures;
    });
    seeds.push(merged(parts));
  }
  const {passed} = prepared;
  return {
    parts: prepared.parts.map(({world}) => world.partId),
    seeds,
    passed: {shipped: [...passed.shipped], shuffled: [...passed.shuffled], doubled: [...passed.doubled]},
    byPart: byPart.map(({partId, all}) => ({partId, figures: merged(all)})),
  };
}

async function prepare(options: BenchmarkOptions): Promise<Prepared> {
  const network = referenceNetwork({seed: NETWORK_SEED, startAt: NETWORK_START, machines: options.machines});
  const worlds = partWorlds(network).filter(({partId}) => options.parts?.includes(partId) ?? true);
  const asking = new Set(worlds.flatMap(({positions}) => positions.map(({equipmentId}) => equipmentId)));
  const specs = machineSpecs(network).filter(({equipmentId}) => asking.has(equipmentId));
  const years: Year[] = [];
  for (let nth = 0; nth < options.tuningSeeds; nth += 1) {
    const scored = nth < options.scoredTuningSeeds;
    years.push(await yearOf(options, specs, tuningSeed(nth), scored ? `tuning seed ${nth + 1}` : null));
  }
  const fleets = years.flatMap(({fleet}) => (fleet === null ? [] : [fleet]));
  const passed = {
    shipped: passedClasses(fleets, (tracks) => tracks),
    shuffled: passedClasses(fleets, (tracks, nth) => shuffled(tracks, specs, tuningSeed(nth))),
    doubled: passedClasses(fleets, doubled),
  };
  const parts = worlds.map((world) => {
    options.onProgress(`tuning ${world.partId}`);
    const trials = years.map((year): Trial & {foresight: Foresight | null} => {
      const {stretch, lives, fleet, grid} = year;
      const demands = demandsOf(world, lives, stretch.seed, stretch.from, stretch.to);
      const law = ageLaw(world, lives, stretch.from);
      const foresight = fleet === null ? null : forecasts(world, lives, grid, law, fleet.tracks);
      return {stretch, demands, alarms: NO_ALARMS, foresight};
    });
    const rates = ratesOf(world, trials);
    const opening = openingStock(world, rates);
    return {world, opening, levels: tuneLevels(world, opening, rates, trials)};
  });
  const classOf = new Map(specs.map(({equipmentId, classId}) => [equipmentId, classId]));
  return {specs, classOf, passed, parts};
}

/** One seed's lives of all machines, and what the models made of their telemetry. */
interface Year {
  readonly stretch: Stretch;
  readonly grid: Grid;
  readonly lives: Lives;
  readonly fleet: ScoredFleet | null;
}

async function yearOf(
  {warmUpDays, days, gridHours, scorer, onProgress}: BenchmarkOptions,
  specs: readonly MachineSpec[],
  seed: number,
  /** Null: without forecasts. */
  name: string | null,
): Promise<Year> {
  const from: EpochMs = NETWORK_START;
  const countedFrom = plusMs(from, warmUpDays * DAY_MS);
  const to = plusMs(countedFrom, days * DAY_MS);
  const grid = {from, to, gridMs: gridHours * HOUR_MS};
  const fleet =
    name === null
      ? null
      : await scoreFleet(scorer, specs, seed, grid, (done) => {
          if (done % MACHINES_A_LINE === 0)
            onProgress(`${name}: ${done} of ${specs.length} machines forecast`);
        });
  return {stretch: {seed, from, countedFrom, to}, grid, lives: livesOf(specs, seed, to), fleet};
}

function runPolicies(
  {ungated, policies}: BenchmarkOptions,
  {specs, classOf, passed}: Prepared,
  {world, opening, levels}: Prepared['parts'][number],
  {stretch, grid, lives, fleet}: Year,
): SeedFigures {
  const {seed, from, to} = stretch;
  const demands = demandsOf(world, lives, seed, from, to);
  const law = ageLaw(world, lives, from);
  const tracks = fleet!.tracks;
  const foresightOf = (of: Tracks | null): Foresight => forecasts(world, lives, grid, law, of);
  const core = (foresight: Foresight): Figures =>
    runPart(world, demands, opening, stretch, () => corePolicy(world, foresight));
  const byLevel = (rules: ReadonlyMap<string, Level>, alarms = NO_ALARMS): Figures =>
    runLevels(world, opening, {stretch, demands, alarms}, rules);

  const equipmentClass = classOf.get(world.positions[0]?.equipmentId ?? '') ?? '';
  let byAge: Figures | undefined;
  const atAge = (): Figures => (byAge ??= core(foresightOf(null)));
  const bent = {
    shuffled: () => foresightOf(shuffled(tracks, specs, seed)),
    doubled: () => foresightOf(doubled(tracks)),
  };
  const gated = (kind: keyof typeof bent): Figures =>
    passed[kind].has(equipmentClass) ? core(bent[kind]()) : atAge();
  const shipped = foresightOf(tracks);
  const runs: Record<PolicyName, () => Figures> = {
    'base-stock': () => byLevel(levels.baseStock),
    'min-max': () => byLevel(levels.minMax),
    'per-alarm': () => byLevel(levels.perAlarm, alarmsOf(shipped)),
    ours: () => core(shipped),
    'ours-by-age': atAge,
    'ours-shuffled': () => gated('shuffled'),
    'ours-doubled': () => gated('doubled'),
    'ours-shuffled-ungated': () => core(bent.shuffled()),
    'ours-doubled-ungated': () => core(bent.doubled()),
    oracle: () => core(perfectForesight(demands, from, to)),
  };
  const asked = (policy: PolicyName): boolean =>
    policy === 'base-stock' || (policies?.includes(policy) ?? (ungated || !policy.endsWith('ungated')));
  return Object.fromEntries(POLICIES.filter(asked).map((policy) => [policy, runs[policy]()]));
}

/** Sums over parts, or over seeds. */
function merged(all: readonly SeedFigures[]): SeedFigures {
  return Object.fromEntries(
    (Object.keys(all[0] ?? {}) as PolicyName[]).map((policy) => [
      policy,
      sumFigures(all.map((figures) => figures[policy]!)),
    ]),
  );
}
