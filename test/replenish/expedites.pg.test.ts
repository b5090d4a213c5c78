import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../domain/time.ts';
import {reportExpedites} from '../../replenish/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

describe('what is spent on speed', () => {
  it('F3 adds up what decisions spent and averted, by the source that was not waited for', async () => {
    const network = tinyNetwork();
    const deciding = await DecidingNetwork.open({
      ...network,
      opening_stock: [
        {depot_id: 'D-1', part_id: 'P-1', owner_party_id: 'OWN', condition: 'unserviceable', qty: 1},
      ],
      sourcing: [
        ...network['sourcing']!,
        {
          part_id: 'P-1',
          depot_id: 'D-1',
          source_kind: 'supplier',
          source_id: 'SUP',
          kind: 'emergency',
          lead_time_mean_d: 1,
          lead_time_sd_d: 0,
          price_minor: 130_000,
        },
      ],
    });
    await deciding.breakDown();
    await deciding.decide({mode: 'auto'});
    const hurried = deciding.settled.filter(({settled: {decision}}) =>
      ['expedite', 'emergency'].includes(decision.option.action),
    );
    expect(hurried.length).toBeGreaterThan(0);
    const spent = hurried.reduce((sum, {settled}) => sum + settled.decision.option.actionMinor, 0);
    const averted = hurried.reduce((sum, {settled: {decision}}) => {
      const waiting = decision.alternatives.find(({action}) => action === 'nothing')!;
      return sum + waiting.downtimeMinor - decision.option.downtimeMinor;
    }, 0);
    const period = {from: epochMs(deciding.now - 30 * DAY_MS), to: epochMs(deciding.now + 1)};
    const rows = await reportExpedites(deciding.pool, period);
    expect(rows).toMatchObject([
      {
        sourceId: 'D-C',
        expedites: hurried.length,
        shelves: 1,
        spentMinor: spent,
        avertedMinor: averted,
        advice: 'more-stock',
      },
    ]);
    expect(rows[0]!.moreStockMinorPerYear).toBe(20_000); // a fifth of 1,000.00
    expect(await reportExpedites(deciding.pool, {...period, to: deciding.now})).toEqual([]);
    deciding.pass(24);
    expect(await reportExpedites(deciding.pool, period)).toEqual(rows);
  });
});
