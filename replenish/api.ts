import type {Action, Option, Reason} from '../domain/decision.ts';
import type {ListFilter} from '../domain/list-filter.ts';
import type {EpochMs} from '../domain/time.ts';
import {canonicalJson, sha256} from '../platform/ids.ts';
import {timestamp} from '../platform/pg.ts';
import type {Queryable} from '../platform/pg.ts';
import {countProposals, type ProposalPeriod} from './adapters/proposal-counts.ts';
import {readSituation} from './adapters/situation-input.ts';
import {decide} from './core/decision/decide.ts';
import {proposalReport, type ProposalReport} from './core/decision/proposal-report.ts';

export {approverIn} from './core/decision/approval.ts';
export {costItems, duration, percent, phraseOption, phraseReason} from './core/decision/phrase.ts';
export {phraseTerm} from './core/decision/phrase-term.ts';
export {PROPOSAL_FATES} from './core/decision/proposal-report.ts';
export {DECISION_STATES, REVIEW_REASONS} from './core/decision/review.ts';
export type {Review, Reviewed, Reviews} from './ports.ts';
export {listTargets} from './adapters/plan-store.ts';
export {CASE_RESOLUTIONS} from './core/forecast/variance-case.ts';
export {segmentsOf} from './adapters/plan-criticality-rows.ts';
export {reportExpedites} from './adapters/expedite-rows.ts';
export {EXPEDITE_ADVICE} from './core/decision/expedite-report.ts';
export {CRITICALITIES} from './core/plan/criticality.ts';
export {EXCESS_PROPOSALS} from './core/plan/excess.ts';
export {NOT_COMPARED, POLICY_KINDS} from './core/plan/policy-comparison.ts';
export type {Planning} from './planning.ts';

/** A decision as it was taken. */
export interface DecisionRecord {
  readonly decisionId: string;
  readonly groupId: string;
  readonly groupVersion: number;
  readonly depotId: string;
  readonly partId: string;
  readonly decidedAt: EpochMs;
  readonly mode: string;
  readonly state: string;
  readonly action: Action;
  readonly quantity: number;
  readonly option: Option;
  readonly alternatives: readonly Option[];
  readonly reasons: readonly Reason[];
  readonly expectedCostMinor: number;
  readonly currency: string;
  readonly orderId: string | null;
  readonly policyVersion: string;
  readonly modelVersions: readonly string[];
  readonly inputSha256: string;
  /** Until when a proposal can be answered. */
  readonly expiresAt: EpochMs | null;
}

const COLUMNS = `decision_id AS "decisionId", group_id AS "groupId", group_version AS "groupVersion", depot_id AS "depotId", part_id AS "partId",
  decided_at AS "decidedAt", mode, state, action, qty AS quantity, option, alternatives, reasons, expected_cost_minor AS "expectedCostMinor",
  currency, order_id AS "orderId", policy_version AS "policyVersion", model_versions AS "modelVersions", encode(input_sha256, 'hex') AS "inputSha256",
  expires_at AS "expiresAt"`;

export async function findDecision(db: Queryable, decisionId: string): Promise<DecisionRecord | null> {
  const found = await db.query<DecisionRecord>(
    `SELECT ${COLUMNS} FROM replenish.decision WHERE decision_id = $1`,
    [decisionId],
  );
  return found.rows[0] ?? null;
}

export interface DecisionFilter extends ListFilter<'state' | 'action' | 'partId' | 'depotId'> {
  /** Goes on after this decision: the last one of the page before. */
  readonly after?: {readonly decidedAt: EpochMs; readonly decisionId: string} | undefined;
}

/** Newest first. */
export async function listDecisions(
  db: Queryable,
  filter: DecisionFilter,
): Promise<readonly DecisionRecord[]> {
  const {state, action, partId, depotId, after, limit} = filter;
  const found = await db.query<DecisionRecord>(
    `SELECT ${COLUMNS} FROM replenish.decision
      WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR part_id = $3)
        AND ($4::text IS NULL OR depot_id = $4) AND ($5::timestamptz IS NULL OR (decided_at, decision_id) < ($5, $6::uuid))
      ORDER BY decided_at DESC, decision_id DESC LIMIT $7`,
    [
      state ?? null,
      action ?? null,
      partId ?? null,
      depotId ?? null,
      after === undefined ? null : timestamp(after.decidedAt),
      after?.decisionId ?? null,
      limit,
    ],
  );
  return found.rows;
}

/** What planners made of the proposals of a period: how many they overrode, and why (D5). */
export async function reportProposals(
  db: Queryable,
  period: ProposalPeriod,
  now: EpochMs,
): Promise<ProposalReport> {
  return proposalReport(await countProposals(db, period, now));
}

export interface ReviewRecord {
  readonly reviewNo: number;
  readonly actor: string;
  readonly verdict: string;
  readonly reasonCode: string | null;
  readonly note: string | null;
  readonly quantity: number | null;
  readonly at: EpochMs;
}

/** What planners said about a decision, first word first. */
export async function decisionReviews(db: Queryable, decisionId: string): Promise<readonly ReviewRecord[]> {
  const found = await db.query<ReviewRecord>(
    `SELECT review_no AS "reviewNo", actor, verdict, reason_code AS "reasonCode", note, qty AS quantity, world_at AS at
       FROM replenish.decision_review WHERE decision_id = $1 ORDER BY review_no`,
    [decisionId],
  );
  return found.rows;
}

export {shelfBehind} from './core/decision/shelf-behind.ts';
export type {ShelfBehind} from './core/decision/shelf-behind.ts';
export {findAlert, listAlertEvents, listAlerts} from './adapters/alert-list.ts';
export type {AlertRecord} from './adapters/alert-list.ts';
export {countWork, listWork} from './adapters/work-rows.ts';
export type {WorkRow} from './adapters/work-rows.ts';
export {listCampaigns} from './adapters/campaign-store.ts';
export {TAKE_STRENGTH} from './core/forecast/campaign-demand.ts';
export {ownForecasts} from './adapters/own-forecast-rows.ts';
export {ACCURACY_GROUPS, demandAccuracy, listDemandForecasts} from './adapters/demand-queries.ts';
export type {Campaigns} from './campaign-ports.ts';
export {readSituation as decisionSituation} from './adapters/situation-input.ts';

export {readKpiRows, readKpis} from './adapters/kpi-reads.ts';
export type {KpiScope} from './adapters/kpi-reads.ts';
export {STANDING_SORTS, listDepotStandings, listStandings} from './adapters/standing-rows.ts';
export type {ShelfStanding, StandingPlace, StandingSort} from './adapters/standing-rows.ts';
export {projectShelf} from './shelf-projection.ts';
export {listReservations} from './adapters/reservation-rows.ts';
export {findBackorders} from './adapters/backorder-register.ts';
export {byAge, byCause} from './core/backorder/register-summary.ts';
export {impactByCustomer} from './core/backorder/customer-impact.ts';
export {backorderEvents, listOverrides, listReviews, readStandings} from './adapters/backorder-reads.ts';
export type {BackorderDesk} from './backorder-ports.ts';
export {BACKORDER_CAUSES} from './core/backorder/root-cause.ts';
export {LEVELS} from './core/backorder/threshold-matrix.ts';
export {lateRisks, listLeadTimes} from './adapters/learned-supply.ts';
export {listAvailable} from './adapters/available-rows.ts';
export {listPromises} from './adapters/promise-rows.ts';
export {dryRunPolicy, readOverlay, replayWhatIf, tryWhatIf} from './what-if.ts';
export {Overlay as WhatIfOverlay} from './core/what-if/what-if-overlay.ts';
export {DEFAULT_POLICY, Policy} from './core/decision/policy.ts';
export type {Situation} from './core/decision/situation.ts';
export {BackorderPolicy, DEFAULT_BACKORDER_POLICY} from './core/backorder/threshold-matrix.ts';
export {compareModels} from './model-comparison.ts';
export type {ModelComparison} from './model-comparison.ts';
export type {Overlay, ReportedAct, WhatIfChange, WhatIfReport, WhatIfTotals} from './what-if.ts';

export interface SignalRecord {
  readonly signalId: string;
  readonly causeKind: string;
  readonly causeRef: string;
  readonly worldAt: EpochMs;
}

/** What asked for the decision. */
export async function decisionSignals(
  db: Queryable,
  decisionId: string,
  limit: number,
): Promise<readonly SignalRecord[]> {
  const found = await db.query<SignalRecord>(
    `SELECT s.signal_id AS "signalId", s.cause_kind AS "causeKind", s.cause_ref AS "causeRef", s.world_at AS "worldAt"
       FROM replenish.decision_signal d JOIN replenish.demand_signal s USING (signal_id) WHERE d.decision_id = $1
      ORDER BY s.world_at, s.signal_id LIMIT $2`,
    [decisionId, limit],
  );
  return found.rows;
}

export type Redecided =
  | {readonly same: true; readonly sha256: string}
  | {readonly same: false; readonly recorded: string; readonly redecided: string};

/** I5a: decides again from the recorded input and compares byte by byte, reasons of approval left aside. */
export async function redecide(db: Queryable, decisionId: string): Promise<Redecided | null> {
  const [record, situation] = [await findDecision(db, decisionId), await readSituation(db, decisionId)];
  if (record === null || situation === null) return null;
  const again = decide(situation);
  const recorded = canonicalJson({
    depotId: record.depotId,
    option: withoutEssence(record.option),
    alternatives: record.alternatives,
    reasons: record.reasons.filter((reason) => reason.code !== 'needs-approval'),
  });
  const redecided = canonicalJson({
    depotId: again.depotId,
    option: again.option,
    alternatives: again.alternatives,
    reasons: again.reasons,
  });
  if (recorded === redecided) return {same: true, sha256: sha256(recorded).toString('hex')};
  return {same: false, recorded, redecided};
}

function withoutEssence(option: Option): Option {
  const plain: Option & {essence?: string} = {...option};
  delete plain.essence;
  return plain;
}
