import {setImmediate as breathe} from 'node:timers/promises';
import {refused, ok} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import {toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {inTransaction} from '../platform/pg.ts';
import type {Client, Pool} from '../platform/pg.ts';
import {loadTermEvidence} from './adapters/what-if-term-rows.ts';
import {countDecisions, loadModelEvidence, recordedDecisions} from './adapters/what-if-rows.ts';
import type {HistoryFilter} from './adapters/what-if-rows.ts';
import type {Policy} from './core/decision/policy.ts';
import type {Situation} from './core/decision/situation.ts';
import {Overlay} from './core/what-if/what-if-overlay.ts';
import {whatIf} from './core/what-if/what-if.ts';
import {WhatIfTally} from './core/what-if/what-if-report.ts';
import type {WhatIfReport} from './core/what-if/what-if-report.ts';
import {NOTHING_STORED, rulesOf} from './core/what-if/what-if-rules.ts';
import type {WhatIfRule} from './core/what-if/what-if-rules.ts';

export type {WhatIfChange, WhatIfReport, WhatIfTotals, ReportedAct} from './core/what-if/what-if-report.ts';
export type {Overlay} from './core/what-if/what-if-overlay.ts';

/** An overlay from JSON; refused with every mistake that is in it. */
export function readOverlay(json: unknown): Result<Overlay, 'overlay-invalid'> {
  const parsed = Overlay.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const mistakes = parsed.error.issues.map(({path, message}) => `${nameOf(path)}: ${message}`);
  return refused('overlay-invalid', mistakes.join('\n'));
}

/** ['stock', 0, 'onHand'] is stock[0].onHand. */
function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

/**
 * Decides every recorded situation again with an overlay laid over it (core/what-if/what-if.ts), in one read-only view of the rows.
 *
 * @param onProgress  After each batch: decisions done, and how many there are.
 */
export function replayWhatIf(
  pool: Pool,
  {overlay, filter}: {readonly overlay: Overlay; readonly filter: HistoryFilter},
  onProgress: (done: number, total: number) => void,
): Promise<WhatIfReport> {
  return viewed(pool, (client) => overlaid(client, {overlay, filter}, onProgress));
}

/** The same beside a running service: refused where it would take more than DRY_RUN_MAX decisions anew. */
export function tryWhatIf(
  pool: Pool,
  asked: {readonly overlay: Overlay; readonly filter: HistoryFilter},
): Promise<Result<WhatIfReport, 'too-many-decisions'>> {
  return viewed(pool, async (client) => {
    const few = await isFew(client, asked.filter);
    return few.ok ? ok(await overlaid(client, asked, () => undefined)) : few;
  });
}

function overlaid(
  client: Client,
  {overlay, filter}: {readonly overlay: Overlay; readonly filter: HistoryFilter},
  onProgress: (done: number, total: number) => void,
): Promise<WhatIfReport> {
  return redecide(
    client,
    filter,
    rulesOf(overlay, NOTHING_STORED).map(({path}) => path),
    async (situations) => {
      const evidence = {
        ...(await loadModelEvidence(client, overlay, situations)),
        ...(await loadTermEvidence(client, overlay, situations)),
      };
      return rulesOf(overlay, evidence);
    },
    onProgress,
  );
}

/** Decisions that are taken anew at most beside the live ones. */
const DRY_RUN_MAX = 20_000;

async function isFew(client: Client, filter: HistoryFilter): Promise<Result<null, 'too-many-decisions'>> {
  const total = await countDecisions(client, filter);
  if (total <= DRY_RUN_MAX) return ok(null);
  const since = filter.from === undefined ? 'in all' : `since ${toIso(filter.from)}`;
  return refused(
    'too-many-decisions',
    `${total} decisions were taken ${since}, and a dry run takes ${DRY_RUN_MAX} anew at most; ask for fewer days`,
  );
}

/**
 * What a change of the policy would have made of the decisions from an instant on: each is taken anew from its recorded situation
 * with the changed fields laid over (a field that is undefined is left out there). Reads only.
 */
export function dryRunPolicy(
  pool: Pool,
  {change, from}: {readonly change: Partial<Policy>; readonly from: EpochMs},
): Promise<Result<WhatIfReport, 'too-many-decisions'>> {
  const apply = (situation: Situation): Situation => ({
    ...situation,
    policy: {...situation.policy, ...change},
  });
  const rules = Object.keys(change).length === 0 ? [] : [{path: 'policy', apply}];
  return viewed(pool, async (client) => {
    const few = await isFew(client, {from});
    if (!few.ok) return few;
    const paths = rules.map(({path}) => path);
    return ok(
      await redecide(
        client,
        {from},
        paths,
        () => Promise.resolve(rules),
        () => undefined,
      ),
    );
  });
}

/** One view of the rows, and none is written. */
function viewed<T>(pool: Pool, work: (client: Client) => Promise<T>): Promise<T> {
  return inTransaction(
    pool,
    async (client) => {
      await client.query('SET TRANSACTION READ ONLY');
      return work(client);
    },
    'repeatable read',
  );
}

async function redecide(
  client: Client,
  filter: HistoryFilter,
  paths: readonly string[],
  rulesFor: (situations: readonly Situation[]) => Promise<readonly WhatIfRule[]>,
  onProgress: (done: number, total: number) => void,
): Promise<WhatIfReport> {
  const tally = new WhatIfTally(paths);
  const total = await countDecisions(client, filter);
  let done = 0;
  for await (const batch of recordedDecisions(client, filter)) {
    const rules = await rulesFor(batch.map(({situation}) => situation));
    for (const recorded of batch) {
      await breathe(); // a service goes on serving
      tally.add(recorded, whatIf(recorded.situation, rules));
    }
    onProgress((done += batch.length), total);
  }
  return tally.report();
}
