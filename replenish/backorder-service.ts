import {DAY_MS, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {BackorderBooks, BackorderStore, WatchedBackorder} from './backorder-ports.ts';
import {judgeOverride} from './core/backorder/emergency-override.ts';
import {rootCauses} from './core/backorder/root-cause.ts';
import {shortageEvidence} from './core/backorder/shortage-evidence.ts';
import {judgeBackorder} from './core/backorder/threshold-matrix.ts';
import type {BackorderPolicy, Verdict} from './core/backorder/threshold-matrix.ts';

/** Rows of one transaction; the rest is still due in the next. */
const ROWS_MAX = 200;

export interface BackorderWatchPorts {
  readonly store: BackorderStore;
  readonly now: () => EpochMs;
}

/**
 * Watches needs whose time has passed: each is tagged with its causes, passes the thresholds of its cell once, opens an override and a
 * review when it lasts, and is closed when nothing of it is open any more. Overrides end, and targets ramp back, by timers of their own.
 *
 * @returns how many backorders and overrides were looked at; 0 means that none is due.
 */
export async function watchBackorders({store, now: clock}: BackorderWatchPorts): Promise<number> {
  const looked = await store.transaction(async (books) => {
    const now = clock();
    const inForce = await books.policy(now);
    await books.adopt(now, inForce.key, ROWS_MAX);
    const due = await books.due(now, inForce.key, ROWS_MAX);
    const judged = due.map((backorder) => ({
      backorder,
      verdict: backorder.state === 'open' ? judgeBackorder(inForce.policy, backorder, now) : null,
    }));
    await tag(
      books,
      // Evidence comes in with time: a late order shows, a recount is booked.
      judged.flatMap(({backorder, verdict}) =>
        verdict === null || backorder.causes === null || verdict.passes.length > 0 ? [backorder] : [],
      ),
      now,
    );
    for (const {backorder, verdict} of judged) {
      if (verdict === null) await books.close(backorder, now);
      else await act(books, inForce.policy, backorder, verdict, now);
    }
    await books.lookAgain(
      judged.flatMap(({backorder: {demandId}, verdict}) =>
        verdict === null ? [] : [{demandId, at: verdict.lookAt}],
      ),
      inForce.key,
    );
    const overrides = await books.dueOverrides(now, ROWS_MAX);
    for (const override of overrides)
      await books.settleOverride(override, judgeOverride(inForce.policy, override, now), now);
    return due.length + overrides.length;
  });
  return looked ?? 0;
}

async function act(
  books: BackorderBooks,
  policy: BackorderPolicy,
  backorder: WatchedBackorder,
  {passes, opensReview}: Verdict,
  now: EpochMs,
): Promise<void> {
  for (const passed of passes) {
    await books.pass(backorder, passed, now);
    if (passed.level === policy.override.from) await books.override(backorder, policy, now);
  }
  if (opensReview)
    await books.openReview(backorder.demandId, plusMs(now, policy.reviewWithinDays * DAY_MS), now);
}

async function tag(
  books: BackorderBooks,
  backorders: readonly WatchedBackorder[],
  now: EpochMs,
): Promise<void> {
  const facts = await books.facts(backorders);
  const tagged = backorders.map(({demandId, causes}, i) => {
    const known = facts[i]!;
    return {demandId, isFresh: causes === null, causes: rootCauses(known.missing, shortageEvidence(known))};
  });
  await books.keepCauses(tagged, now);
}
