import type {Upkeep} from '../../platform/maintenance.ts';
import type {Pool} from '../../platform/pg.ts';
import {forecastDemand} from './demand-upkeep.ts';
import {learnAll} from './lead-time-rows.ts';
import {signalPassed} from './promise-rows.ts';
import {watchUnserved} from './unserved-rows.ts';

/** What replenish does every night, by the world clock. Doing it twice in a night changes nothing more. */
export function replenishUpkeep(pool: Pool): readonly Upkeep[] {
  return [
    {name: 'lead-times', run: (now) => learnAll(pool, now)},
    {name: 'demand', run: (now) => forecastDemand(pool, now)},
    {name: 'unserved', run: (now) => watchUnserved(pool, now)},
    {name: 'promises', run: async (now) => ({passed: await signalPassed(pool, now)})},
  ];
}
