import {type EpochMs, HOUR_MS, plusMs} from '../../domain/time.ts';

export type RemovalCause = 'failure' | 'planned' | 'swap';

/** Something known to have happened at one position of one equipment. */
export interface PositionFact {
  /** Unique within the position: the message key, or the key of the report or import row. */
  readonly key: string;
  readonly at: EpochMs;
  /** `installed` and `removed` come from master data; the other three jobs and the failure from equipment and people. */
  readonly type: 'installed' | 'removed' | 'failure' | 'part-replaced' | 'maintenance' | 'repair-report';
  /** Serial of the component put in, when told. */
  readonly serial: string | null;
  /** Part used, when it was not the position's own. */
  readonly partId: string | null;
  readonly cause: RemovalCause | null;
}

export interface InstallationSpan {
  readonly installedAt: EpochMs;
  readonly removedAt: EpochMs | null;
  readonly removalCause: RemovalCause | null;
  /** Null: nobody told the serial, the component's name must be inferred. */
  readonly serial: string | null;
  readonly partId: string | null;
  readonly sourceKey: string;
}

/** One need for the position's part. All facts that speak of the same need carry one line. */
export interface PositionDemand {
  readonly key: string;
  /** Every fact of this need, `key` included: a line found under any of them is this one. */
  readonly keys: readonly string[];
  readonly cause: 'failure' | 'planned';
  readonly requestedAt: EpochMs;
  /** When the part went in; null while the machine waits. */
  readonly replacedAt: EpochMs | null;
}

export interface PositionTimeline {
  readonly installations: readonly InstallationSpan[];
  readonly demands: readonly PositionDemand[];
}

/** A `maintenance`, a `part-replaced` and a repair report this close speak of one job: the work order, the scan, the form. */
export const ONE_JOB_MS = 12 * HOUR_MS;
/** How long after a failure a replacement still answers it. A line that waits for stock prolongs it (`answeredUntil`). */
export const FAILURE_ANSWER_MS = 72 * HOUR_MS;

const RANK = {
  removed: 0,
  failure: 1,
  installed: 2,
  'part-replaced': 3,
  maintenance: 3,
  'repair-report': 3,
} as const;

interface Job {
  readonly at: EpochMs;
  readonly facts: readonly PositionFact[];
}
type Step = {readonly kind: 'job'; readonly job: Job} | {readonly kind: 'fact'; readonly fact: PositionFact};

/** A failure that waits for its replacement. */
interface Episode {
  readonly keys: readonly string[];
  readonly at: EpochMs;
  readonly until: EpochMs;
}

interface Fold {
  readonly installations: readonly InstallationSpan[];
  readonly current: InstallationSpan | null;
  readonly demands: readonly PositionDemand[];
  readonly episode: Episode | null;
}

/**
 * The history of one position from everything known about it. A pure function of the set of facts: the order in which they
 * were heard does not matter, and hearing one twice changes nothing.
 *
 * @param answeredUntil  Until when a replacement answers the failure of this key; later than at + 72 h while its line waits for stock.
 *
 * Example: installed A at 0 h, failure at 100 h, part-replaced B at 110 h → A 0..110 h (failure), B from 110 h, one failure demand.
 */
export function foldPosition(
  facts: readonly PositionFact[],
  answeredUntil: (key: string) => EpochMs | null = () => null,
): PositionTimeline {
  let fold: Fold = {installations: [], current: null, demands: [], episode: null};
  for (const step of stepsOf(facts)) fold = advance(fold, step, answeredUntil);
  const closed = closeEpisode(fold, null);
  return {
    installations: closed.current === null ? closed.installations : [...closed.installations, closed.current],
    demands: closed.demands,
  };
}

function advance(fold: Fold, step: Step, answeredUntil: (key: string) => EpochMs | null): Fold {
  if (step.kind === 'job') return doJob(fold, step.job);
  const {fact} = step;
  switch (fact.type) {
    case 'failure':
      return fail(fold, fact, answeredUntil(fact.key));
    case 'removed':
      return closeEpisode(remove(fold, fact.at, fact.cause ?? 'planned'), null);
    case 'installed':
    case 'part-replaced':
    case 'maintenance':
    case 'repair-report':
      return install(closeEpisode(remove(fold, fact.at, fact.cause ?? 'planned'), null), spanFrom(fact));
  }
}

/** Facts in time order, jobs drawn together. At one instant: out with the old, what failed, in with the new. */
function stepsOf(facts: readonly PositionFact[]): Step[] {
  const sorted = facts.toSorted(
    (a, b) => a.at - b.at || RANK[a.type] - RANK[b.type] || (a.key < b.key ? -1 : 1),
  );
  const steps: Step[] = [];
  let openJob = -1;
  for (const fact of sorted) {
    if (RANK[fact.type] < 3) {
      steps.push({kind: 'fact', fact});
      continue;
    }
    const open = steps[openJob];
    if (open?.kind === 'job' && isSameJob(open.job, fact)) {
      steps[openJob] = {kind: 'job', job: {...open.job, facts: [...open.job.facts, fact]}};
    } else {
      openJob = steps.push({kind: 'job', job: {at: fact.at, facts: [fact]}}) - 1;
    }
  }
  return steps;
}

/** Two scans of one kind hours apart are two parts (dead on arrival); two kinds of record are one job. */
function isSameJob(job: Job, fact: PositionFact): boolean {
  if (fact.at === job.at) return true;
  return fact.at - job.at <= ONE_JOB_MS && job.facts.every(({type}) => type !== fact.type);
}

function fail(fold: Fold, fact: PositionFact, answeredUntil: EpochMs | null): Fold {
  const until = Math.max(plusMs(fact.at, FAILURE_ANSWER_MS), answeredUntil ?? fact.at) as EpochMs;
  const open = fold.episode;
  // A machine that reports its failure again still waits for the same part.
  if (open !== null && fact.at <= open.until) {
    const episode = {...open, keys: [...open.keys, fact.key], until: Math.max(open.until, until) as EpochMs};
    return {...fold, episode};
  }
  return {...closeEpisode(fold, null), episode: {keys: [fact.key], at: fact.at, until}};
}

function doJob(fold: Fold, job: Job): Fold {
  const told = (pick: (fact: PositionFact) => string | null): string | null =>
    job.facts.map(pick).find((value) => value !== null) ?? null;
  const serial = told((fact) => fact.serial);
  const partId = told((fact) => fact.partId);
  const answers = fold.episode !== null && job.at <= fold.episode.until;
  if (fold.current?.installedAt === job.at) {
    // Master data tells of this very installation already; the job can only add the serial.
    const current = {...fold.current, serial: fold.current.serial ?? serial};
    return {...closeEpisode(fold, answers ? job : null), current};
  }
  const failed = answers || job.facts.some(({cause}) => cause === 'failure');
  const keys = job.facts.map(({key}) => key);
  const answered = answers ? closeEpisode(fold, job) : closeEpisode(fold, null);
  const demand: PositionDemand = {
    key: keys[0]!,
    keys,
    cause: failed ? 'failure' : 'planned',
    requestedAt: job.at,
    replacedAt: job.at,
  };
  const noted = answers ? answered : {...answered, demands: [...answered.demands, demand]};
  const next = {
    installedAt: job.at,
    removedAt: null,
    removalCause: null,
    serial,
    partId,
    sourceKey: keys[0]!,
  };
  return install(remove(noted, job.at, failed ? 'failure' : 'planned'), next);
}

function closeEpisode(fold: Fold, job: Job | null): Fold {
  const {episode} = fold;
  if (episode === null) return fold;
  const demand: PositionDemand = {
    key: episode.keys[0]!,
    keys: [...episode.keys, ...(job?.facts.map(({key}) => key) ?? [])],
    cause: 'failure',
    requestedAt: episode.at,
    replacedAt: job?.at ?? null,
  };
  return {...fold, episode: null, demands: [...fold.demands, demand]};
}

function remove(fold: Fold, at: EpochMs, removalCause: RemovalCause): Fold {
  if (fold.current === null || fold.current.installedAt === at) return {...fold, current: null};
  return {
    ...fold,
    current: null,
    installations: [...fold.installations, {...fold.current, removedAt: at, removalCause}],
  };
}

function install(fold: Fold, current: InstallationSpan): Fold {
  return {...fold, current};
}

function spanFrom(fact: PositionFact): InstallationSpan {
  const {at, serial, partId, key} = fact;
  return {installedAt: at, removedAt: null, removalCause: null, serial, partId, sourceKey: key};
}
