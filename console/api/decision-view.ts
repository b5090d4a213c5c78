import {z} from 'zod';
import type {Option as DecisionOption, Reason as DecisionReason} from '../../domain/decision.ts';
import {ACTIONS, APPROVER_ROLES, MODES} from '../../domain/decision.ts';
import {TopSignal} from '../../domain/forecast.ts';
import {DECISION_STATES, approverIn, phraseOption, phraseReason, phraseTerm} from '../../replenish/api.ts';
import type {DecisionRecord, ReviewRecord} from '../../replenish/api.ts';
import type {DecisionTrace} from './trace.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

const Reason = z
  .looseObject({code: z.string(), text: z.string().describe('The reason as an English sentence')})
  .describe('A code with its own fields, such as failure-expected with equipmentId and probabilityPpm');

const Option = z.object({
  text: z.string().describe('The option in a few words'),
  action: z.enum(ACTIONS),
  sourceKind: z.enum(['supplier', 'depot', 'order']).nullable(),
  sourceId: z.string().nullable(),
  mode: z.string().nullable(),
  quantity: z.int(),
  arrival: z.object({meanH: z.number(), sdH: z.number()}).nullable().describe('Hours until it is here'),
  actionMinor: z.int(),
  downtimeMinor: z.int(),
  holdingMinor: z.int(),
  donorRiskMinor: z.int(),
  totalMinor: z.int().describe('Sum of the four: what options are compared by'),
  landedMinor: z.int().describe('To be paid, price included'),
  excluded: z.string().nullable().describe('Why it could not be chosen'),
  movement: z
    .object({
      premiumMinor: z
        .int()
        .describe('Beyond the usual price; negative for a repair that is cheaper than a new piece'),
      feeMinor: z.int().describe('Of ordering, hurrying or repairing'),
      freightMinor: z.int(),
      dutyMinor: z.int(),
      handlingMinor: z.int(),
    })
    .optional()
    .describe('What actionMinor consists of; not in decisions recorded before weight was known'),
  ownerPartyId: z.string().optional().describe('Whose pieces are sent, when not the receiving party’s'),
  substitute: z
    .object({
      partId: z.string(),
      ratio: z.int().describe('Pieces of it for one'),
      demandId: z.string().describe('The line that it serves'),
      serves: z.int().describe('Pieces of that line'),
    })
    .optional()
    .describe('With substitute: quantity counts pieces of this part'),
  terms: z
    .array(
      z.looseObject({
        term: z.string(),
        contractId: z.string(),
        termNo: z.int(),
        text: z.string().describe('What the term makes of the option, as an English sentence'),
      }),
    )
    .optional()
    .describe('What contracts make of it; each with its own fields, such as moq with minimum and multiple'),
});

export const Decision = z
  .object({
    decisionId: z.string(),
    decidedAt: Instant,
    partId: z.string(),
    depotId: z.string(),
    action: z.enum(ACTIONS),
    quantity: z.int(),
    text: z.string(),
    state: z.enum(DECISION_STATES),
    mode: z.enum(MODES),
    expiresAt: Instant.nullable().describe('A proposal can be answered until then'),
    approverRole: z
      .enum(APPROVER_ROLES)
      .nullable()
      .describe('Who may answer it, beside an admin; null: it never was a proposal'),
    reasons: z.array(Reason),
    expectedCostMinor: z.int(),
    landedMinor: z.int(),
    currency: z.string(),
    orderId: z.string().nullable(),
    modelVersions: z.array(z.string()),
  })
  .meta({title: 'Decision'});

const Review = z.object({
  reviewNo: z.int(),
  actor: z.string(),
  verdict: z.string(),
  reasonCode: z.string().nullable(),
  note: z.string().nullable(),
  quantity: z.int().nullable(),
  at: Instant,
});

export const DecisionDetail = Decision.extend({
  groupId: z.string(),
  groupVersion: z.int(),
  option: Option,
  alternatives: z.array(Option).describe('Cheapest first'),
  policyVersion: z.string(),
  inputSha256: z.string(),
  reviews: z.array(Review),
});

export const Forecast = z.object({
  componentId: z.string(),
  equipmentId: z.string(),
  positionId: z.string(),
  asOf: Instant,
  issuedAt: Instant,
  modelVersionId: z.string(),
  revision: z.int(),
  cause: z.string(),
  method: z.string(),
  backend: z.string(),
  horizonsH: z.array(z.int()),
  cumulativePpm: z.array(z.int()).describe('P(failure within each horizon), parts per million'),
  lowPpm: z
    .array(z.int())
    .nullable()
    .describe(
      'From here to highPpm the probability would lie nine times in ten, had other machines taught the model; null of an age law',
    ),
  highPpm: z.array(z.int()).nullable(),
  completenessPct: z.int(),
  topSignals: z.array(TopSignal),
  windowFrom: Instant,
});

export const TracedForecast = z.object({
  forecast: Forecast,
  readings: z.object({
    total: z.int(),
    newest: z
      .array(
        z.object({
          messageKey: z.string(),
          observedAt: Instant,
          values: z.record(z.string(), z.number()),
        }),
      )
      .describe('At most 20'),
  }),
});

export const Trace = z.object({
  decision: DecisionDetail,
  signals: z
    .array(z.object({signalId: z.string(), causeKind: z.string(), causeRef: z.string(), worldAt: Instant}))
    .describe('What asked for the decision, at most 50'),
  forecasts: z.array(TracedForecast).describe('Of the components that the reasons name'),
});

type View<S extends z.ZodType> = DeepReadonly<z.output<S>>;

function reasonView(reason: DecisionReason): View<typeof Reason> {
  return {...reason, text: phraseReason(reason)};
}

function optionView(option: DecisionOption): View<typeof Option> {
  const {terms, ...plain} = option;
  const text = phraseOption(option);
  if (terms === undefined) return {...plain, text};
  return {...plain, text, terms: terms.map((term) => ({...term, text: phraseTerm(term, option.sourceId)}))};
}

export function decisionView(record: DecisionRecord): View<typeof Decision> {
  return {
    ...record,
    state: record.state as View<typeof Decision>['state'],
    mode: record.mode as View<typeof Decision>['mode'],
    text: phraseOption(record.option),
    approverRole: approverIn(record.reasons),
    landedMinor: record.option.landedMinor,
    reasons: record.reasons.map(reasonView),
  };
}

export function decisionDetail(
  record: DecisionRecord,
  reviews: readonly ReviewRecord[],
): View<typeof DecisionDetail> {
  return {
    ...record,
    ...decisionView(record),
    option: optionView(record.option),
    alternatives: record.alternatives.map(optionView),
    reviews,
  };
}

export function traceView(trace: DecisionTrace, reviews: readonly ReviewRecord[]): View<typeof Trace> {
  const {decision, signals, forecasts} = trace;
  return {decision: decisionDetail(decision, reviews), signals, forecasts};
}
