import {expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import {setParameter} from '../../platform/parameters.ts';
import {gateLimits} from '../../predict/adapters/gate-limits.ts';
import {DEFAULT_GATE_LIMITS} from '../../predict/core/gate-limits.ts';
import {openTestDatabase} from '../support/database.ts';

it('B5 the limits of the gate hold from their date on, and what cannot be read opens no gate', async () => {
  const database = await openTestDatabase();
  const [before, then, later] = [100, 200, 300].map((day) => epochMs(day * DAY_MS)) as [never, never, never];
  const state = (value: object, from: never): Promise<void> =>
    setParameter(database.poolFor('forestock_platform'), {
      ...{key: 'predict.gate', value: {...value}, from, actor: 'ann'},
    });
  await state({calibrationErrorMax: 0.01}, then);
  await state({calibrationErrorMax: 'none'}, later);
  for (const role of ['forestock_predict', 'forestock_api'] as const) {
    const db = database.poolFor(role);
    expect(await gateLimits(db, before)).toEqual(DEFAULT_GATE_LIMITS);
    expect(await gateLimits(db, then)).toEqual({...DEFAULT_GATE_LIMITS, calibrationErrorMax: 0.01});
    await expect(gateLimits(db, later)).rejects.toMatchObject({code: 'parameter-unreadable'});
  }
});
