import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, plusMs} from '../../../domain/time.ts';
import {WhatIfOverlay, tryWhatIf} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {WhatIfReport} from '../what-if-view.ts';
import {Instant} from '../wire.ts';

/** An overlay may name each term of a large contract; more is a mistake. */
const BODY_BYTES_MAX = 256 * 1024;
/** Changed decisions of one answer; the counts and sums are of all. */
const CHANGES_MAX = 1000;
/** Replays that run at a time: each is one process's work beside the live decisions. */
const RUNNING_MAX = 2;

let running = 0;

export const whatIfRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/what-if',
    tag: 'what-if',
    permission: 'what-if.run',
    summary:
      'Takes recorded decisions anew with another world laid over them: which ones change, and what both acts cost; writes nothing',
    body: z.object({
      overlay: WhatIfOverlay.describe('What differs; docs/operations.md has every entry'),
      days: z.int().min(1).max(400).describe('Days back from now'),
      partId: PartId.optional().describe('Only decisions about this part'),
      depotId: DepotId.optional().describe('Only decisions about this depot'),
    }),
    bodyBytesMax: BODY_BYTES_MAX,
    reply: z.object({
      since: Instant,
      until: Instant,
      report: WhatIfReport,
      changesLeftOut: z.int().describe(`Changed decisions beyond the oldest ${CHANGES_MAX} that are listed`),
    }),
    refusals: ['too-many-decisions', 'what-if-busy'],
    async handle({body: {overlay, days, partId, depotId}}, {db, clock}) {
      if (running >= RUNNING_MAX)
        return refused(
          'what-if-busy',
          `${running} what-ifs are being worked out, and no more run at a time; ask again when one has ended`,
        );
      running += 1;
      try {
        const until = plusMs(clock.now(), 1); // what was decided this very instant is history too
        const since = plusMs(clock.now(), -days * DAY_MS);
        const done = await tryWhatIf(db, {overlay, filter: {from: since, until, partId, depotId}});
        if (!done.ok) return done;
        const {changes} = done.value;
        const report = {...done.value, changes: changes.slice(0, CHANGES_MAX)};
        return ok({since, until, report, changesLeftOut: changes.length - report.changes.length});
      } finally {
        running -= 1;
      }
    },
  }),
];
