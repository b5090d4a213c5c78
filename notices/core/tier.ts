import {MINUTE_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {pathOf} from './alert-rules.ts';
import type {AlertFacts, AlertRules} from './alert-rules.ts';
import type {Course} from './course.ts';

/** How far up its path the telling of an alert has come. */
export interface Tier {
  /** Step of the path that was told last, from 1. */
  readonly step: number;
  readonly steps: number;
  /** Who was told at that step. */
  readonly role: string;
  /** Who hears of it next when nobody answers; null: nobody, or somebody has answered. */
  readonly next: {readonly role: string; readonly at: EpochMs} | null;
}

/**
 * The tier at which an alert stands by the rules of now: they may have fewer steps than when it was told.
 *
 * Example: steps after 0, 60 and 240 min, walked since 10:00, two of them told → step 2 of 3, next the operations manager at 14:00.
 *
 * @param tell  The role that the alert's level names; null where the path says it.
 */
export function tierOf(
  rules: AlertRules,
  facts: AlertFacts,
  {stage, step, walkedSince}: Pick<Course, 'stage' | 'step' | 'walkedSince'>,
  tell: string | null,
): Tier {
  const {steps} = pathOf(rules, facts);
  const place = Math.min(step, steps.length - 1);
  const following = stage === 'open' ? steps[place + 1] : undefined;
  return {
    step: place + 1,
    steps: steps.length,
    role: (place === 0 ? tell : null) ?? steps[place]!.role,
    next:
      following === undefined
        ? null
        : {role: following.role, at: plusMs(walkedSince, following.afterMin * MINUTE_MS)},
  };
}
