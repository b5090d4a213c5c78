import {describe, expect, it} from 'vitest';
import {epochMs, DAY_MS, toIso} from '../../domain/time.ts';
import {openPlanning} from '../../replenish/main.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

const ENDS = epochMs(START + 1_500 * DAY_MS);
const terms = {waitDays: 90, yearlyDecline: 0};

describe('the last order of a part', () => {
  it('G4 E4 serves each machine until its contract ends, from what is on record, and writes nothing', async () => {
    const network = tinyNetwork();
    const deciding = await DecidingNetwork.open({
      ...network,
      part: network['part']!.map((row) => (row['part_id'] === 'P-1' ? {...row, flags: 'end-of-life'} : row)),
      contract: network['contract']!.map((row) => ({...row, valid_to: toIso(ENDS)})),
      part_depot: network['part_depot']!.map((row) => ({...row, background_per_year: 6})),
    });
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const run = await planning.lastBuy({partId: 'P-1', ...terms});
    if (!run.ok) throw new Error(run.detail);
    const {value} = run;
    expect(value).toMatchObject({
      depotIds: ['D-1', 'D-C'],
      until: ENDS,
      endOfLife: true,
      fleet: [{positions: 2, endsAt: ENDS}],
      position: 12,
      ratePerYear: 12,
      sourceId: 'SUP',
    });
    expect(value.need.askedFor).toBeCloseTo((12 * 1_500) / 365.25, 6);
    expect(value.best.buy).toBeGreaterThan(value.need.askedFor - 12);
    expect(value.curve).toContainEqual(value.best);
    expect(await deciding.count('replenish.plan_run')).toBe(0);

    const sooner = await planning.lastBuy({partId: 'P-1', until: START + 365 * DAY_MS, ...terms});
    const near = await planning.lastBuy({partId: 'P-1', depotId: 'D-1', ...terms});
    expect(sooner.ok && sooner.value.best.buy).toBeLessThan(value.best.buy);
    expect(near).toMatchObject({ok: true, value: {depotIds: ['D-1'], position: 2}});
  });

  it('G4 takes the last day, the liable party and the buy-back of a contract, and nobody sells afterwards', async () => {
    const params = {lastOrderDate: '2026-03-01', liableParty: 'SUP', buybackPct: 80};
    const deciding = await DecidingNetwork.open(
      withRows(tinyNetwork(), {
        contract: [
          {
            ...{contract_id: 'K-S', party_a: 'OWN', party_b: 'SUP', type: 'supply', tier: 'standard'},
            penalty_minor_per_h: 0,
          },
        ],
        contract_term: [
          {
            ...{contract_id: 'K-S', version: 1, term_no: 1, type: 'obsolescence'},
            params: JSON.stringify(params),
          },
        ],
      }),
    );
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const asked = {partId: 'P-1', until: ENDS, ...terms};
    const run = await planning.lastBuy(asked);
    const worthless = await planning.lastBuy({...asked, salvageShare: 0});
    if (!run.ok || !worthless.ok) throw new Error('both can be worked out');
    expect(run.value).toMatchObject({
      sourceId: 'SUP',
      salvageMinor: 80_000,
      lastOrder: {contractId: 'K-S', lastOrderDate: '2026-03-01', liablePartyId: 'SUP', buybackShare: 0.8},
    });
    expect(worthless.value.salvageMinor).toBe(0);
    expect(worthless.value.best.buy).toBeLessThanOrEqual(run.value.best.buy);
    deciding.pass(24 * 60);
    expect(await planning.lastBuy(asked)).toMatchObject({ok: true, value: {sourceId: null}});
  });

  it('G4 is refused with the next step where nobody knows until when, or what', async () => {
    const deciding = await DecidingNetwork.open();
    const planning = openPlanning(deciding.pool, () => deciding.now);
    expect(await planning.lastBuy({partId: 'P-1', ...terms})).toMatchObject({ok: false, reason: 'no-end'});
    expect(await planning.lastBuy({partId: 'P-1', until: START, ...terms})).toMatchObject({
      ok: false,
      reason: 'no-end',
    });
    expect(await planning.lastBuy({partId: 'P-9', ...terms})).toMatchObject({
      ok: false,
      reason: 'unknown-part',
    });
    expect(await planning.lastBuy({partId: 'P-1', depotId: 'D-9', ...terms})).toMatchObject({
      ok: false,
      reason: 'unknown-depot',
    });
  });
});
