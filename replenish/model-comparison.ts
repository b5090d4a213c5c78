import {setImmediate as breathe} from 'node:timers/promises';
import {HOUR_MS, epochMs, plusMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {inTransaction} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';
import {failuresAfter, loadModelEvidence, newestDecisions} from './adapters/what-if-rows.ts';
import {standingOf} from './core/decision/standing.ts';
import {HINDSIGHT_H, inHindsight} from './core/what-if/hindsight.ts';
import {duel} from './core/what-if/model-duel.ts';
import {Overlay} from './core/what-if/what-if-overlay.ts';
import {NOTHING_STORED, rulesOf} from './core/what-if/what-if-rules.ts';
import type {WhatIfRule} from './core/what-if/what-if-rules.ts';
import {reported} from './core/what-if/what-if-report.ts';
import type {ReportedAct} from './core/what-if/what-if-report.ts';

/** Recorded decisions that a comparison decides again at most, the newest: each takes some milliseconds. */
const DECISIONS_MAX = 2000;

export interface ModelComparisonRequest {
  /** Null: as it was decided. */
  readonly before: string | null;
  readonly after: string;
  /** Decisions from this instant on. */
  readonly from: EpochMs;
  readonly now: EpochMs;
}

/** A decision that would have been another one. */
export interface ComparedDecision {
  readonly decisionId: string;
  readonly decidedAt: EpochMs;
  readonly partId: string;
  readonly currency: string;
  readonly before: ReportedAct;
  readonly after: ReportedAct;
}

export interface ComparedTotals {
  readonly currency: string;
  /** Decisions that differ and whose outcomes are known. */
  readonly decisions: number;
  readonly beforeMinor: number;
  readonly afterMinor: number;
}

export interface ModelComparison {
  /** Recorded in that time, the newest 2,000 at most. */
  readonly decisions: number;
  /** Of them, those in which the second model had spoken of some component. */
  readonly spoken: number;
  /** Of these, those that are four weeks old: what came is known. */
  readonly resolved: number;
  readonly changed: readonly ComparedDecision[];
  /** Over resolved decisions; those that stay the same cost the same. */
  readonly totals: readonly ComparedTotals[];
}

/**
 * Decides recorded situations again by the forecasts of two models, through the very same core, and prices acts that differ by what
 * really failed in the four weeks after: both by the same outcomes. Reads only. Each decision by itself: what an earlier one would
 * have ordered otherwise is on no later shelf.
 */
export async function compareModels(
  pool: Pool,
  {before, after, from, now}: ModelComparisonRequest,
): Promise<ModelComparison> {
  // prettier-ignore
  const tally = {decisions: 0, spoken: 0, resolved: 0};
  const changed: ComparedDecision[] = [];
  const totals = new Map<string, ComparedTotals>();
  const overlayOf = (modelVersion: string): Overlay =>
    Overlay.parse({model: [{method: 'version', modelVersion}]});
  await inTransaction(
    pool,
    async (client) => {
      await client.query('SET TRANSACTION READ ONLY');
      for await (const batch of newestDecisions(client, {from, until: now}, DECISIONS_MAX)) {
        const situations = batch.map(({situation}) => situation);
        const rules = async (version: string | null): Promise<readonly WhatIfRule[]> => {
          if (version === null) return [];
          const overlay = overlayOf(version);
          return rulesOf(overlay, {
            ...NOTHING_STORED,
            ...(await loadModelEvidence(client, overlay, situations)),
          });
        };
        const [rulesBefore, rulesAfter] = [await rules(before), await rules(after)];
        const failures = await failuresAfter(client, situations);
        for (const {decisionId, decidedAt, situation} of batch) {
          await breathe(); // a service goes on serving
          tally.decisions += 1;
          const mine = laid(situation, rulesAfter);
          if (mine === situation) continue; // it had said nothing by then
          tally.spoken += 1;
          const isResolved = plusMs(decidedAt, HINDSIGHT_H * HOUR_MS) <= now;
          tally.resolved += Number(isResolved);
          const outcome = isResolved
            ? inHindsight(situation, (componentId) => failures(componentId, epochMs(situation.now)))
            : null;
          const {same, costs, ...acts} = duel(laid(situation, rulesBefore), mine, outcome);
          if (same) continue;
          const {partId, currency} = situation.part;
          changed.push({
            decisionId,
            decidedAt,
            partId,
            currency,
            before: reported(
              acts.before,
              standingOf(acts.before.option, situation.policy, situation.part.criticality),
              costs?.beforeMinor ?? null,
            ),
            after: reported(
              acts.after,
              standingOf(acts.after.option, situation.policy, situation.part.criticality),
              costs?.afterMinor ?? null,
            ),
          });
          if (costs === null) continue;
          const sum = totals.get(currency) ?? {currency, decisions: 0, beforeMinor: 0, afterMinor: 0};
          totals.set(currency, {
            currency,
            decisions: sum.decisions + 1,
            beforeMinor: sum.beforeMinor + costs.beforeMinor,
            afterMinor: sum.afterMinor + costs.afterMinor,
          });
        }
      }
    },
    'repeatable read',
  );
  return {...tally, changed, totals: [...totals.values()]};
}

function laid<S>(situation: S, rules: readonly {apply(one: S): S}[]): S {
  return rules.reduce((known, rule) => rule.apply(known), situation);
}
