import type {ReasonCode} from './verdicts.ts';

/** Why another way than proposed, as the service counts it. */
export const REASONS: Readonly<Record<ReasonCode, string>> = {
  'ordered-elsewhere': 'ordered elsewhere',
  'quantity-too-high': 'quantity too high',
  'quantity-too-low': 'quantity too low',
  'equipment-retiring': 'equipment retires',
  'forecast-doubted': 'forecast doubted',
  'data-wrong': 'data wrong',
  budget: 'budget',
  'supplier-trouble': 'trouble with the supplier',
  other: 'other',
};
