import type {Body, Reply} from './client.ts';

export type Backorder = Reply<'/api/v1/backorders'>['backorders'][number];
export type Cause = Body<'/api/v1/backorders/{demandId}/correct'>['cause'];
export type Level = NonNullable<Backorder['level']>;

/** Causes as a planner says them. */
export const CAUSES: Readonly<Record<Cause, string>> = {
  'supplier-late': 'supplier late',
  'transfer-blocked': 'transfer blocked',
  'parameter-error': 'parameter or data wrong',
  'forecast-error': 'forecast too low for long',
  'demand-spike': 'demand spike',
  'prediction-missed': 'failure not predicted',
  'end-of-life': 'part not made any more',
  'planned-risk': 'planned risk',
};

export const LEVELS: Readonly<Record<Level, string>> = {
  warn: 'warned',
  breach: 'too long',
  escalate: 'escalated',
};

export const LEVEL_TONE = {warn: 'warn', breach: 'bad', escalate: 'bad'} as const satisfies Record<
  Level,
  string
>;

/** Why a line of a share-out got what it got; docs/operations.md has the order. */
export const SHARE_REASONS: Readonly<Record<string, string>> = {
  enough: 'enough for every line',
  money: 'what its waiting costs decided',
  tier: 'the tier of its contract decided',
  turn: 'its turn: others were served before',
  'need-date': 'the date of the need decided',
  distance: 'the distance decided',
  id: 'equal in everything: the number decided',
  'too-large': 'its pieces would not have made its machine whole',
  'fits-best': 'with what was there, these machines together save most',
};
