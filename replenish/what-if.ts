import {refused, ok} from '../domain/result.ts';
import type {Result} from '../domain/result.ts';
import {inTransaction} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';
import {loadTermEvidence} from './adapters/what-if-term-rows.ts';
import {countDecisions, loadModelEvidence, recordedDecisions} from './adapters/what-if-rows.ts';
import type {HistoryFilter} from './adapters/what-if-rows.ts';
import {Overlay} from './core/what-if/what-if-overlay.ts';
import {whatIf} from './core/what-if/what-if.ts';
import {WhatIfTally} from './core/what-if/what-if-report.ts';
import type {WhatIfReport} from './core/what-if/what-if-report.ts';
import {NOTHING_STORED, rulesOf} from './core/what-if/what-if-rules.ts';

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
export async function replayWhatIf(
  pool: Pool,
  {overlay, filter}: {readonly overlay: Overlay; readonly filter: HistoryFilter},
  onProgress: (done: number, total: number) => void,
): Promise<WhatIfReport> {
  const tally = new WhatIfTally(rulesOf(overlay, NOTHING_STORED).map(({path}) => path));
  await inTransaction(
    pool,
    async (client) => {
      await client.query('SET TRANSACTION READ ONLY');
      const total = await countDecisions(client, filter);
      let done = 0;
      for await (const batch of recordedDecisions(client, filter)) {
        const situations = batch.map(({situation}) => situation);
        const evidence = {
          ...(await loadModelEvidence(client, overlay, situations)),
          ...(await loadTermEvidence(client, overlay, situations)),
        };
        const rules = rulesOf(overlay, evidence);
        for (const recorded of batch) tally.add(recorded, whatIf(recorded.situation, rules));
        onProgress((done += batch.length), total);
      }
    },
    'repeatable read',
  );
  return tally.report();
}
