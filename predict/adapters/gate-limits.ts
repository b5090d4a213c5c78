import {z} from 'zod';
import {OperationalFault} from '../../domain/fault.ts';
import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import type {Queryable} from '../../platform/pg.ts';
import {DEFAULT_GATE_LIMITS, GateLimits} from '../core/gate-limits.ts';

/**
 * What a promotion asks for at an instant. Nothing stands in for limits that cannot be read: a gate is not opened by mistake.
 *
 * @throws OperationalFault 'parameter-unreadable'
 */
export async function gateLimits(db: Queryable, now: EpochMs): Promise<GateLimits> {
  const stated = await parameterInForce(db, 'predict.gate', now);
  const read = GateLimits.safeParse({...DEFAULT_GATE_LIMITS, ...stated});
  if (read.success) return read.data;
  throw new OperationalFault(
    'parameter-unreadable',
    `parameter predict.gate: ${z.prettifyError(read.error)}; state it anew (forestock tune set predict.gate)`,
    {retryable: false},
  );
}
