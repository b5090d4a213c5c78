import {beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {createCampaigns} from '../../replenish/adapters/campaign-store.ts';
import {demandAccuracy, listDemandForecasts} from '../../replenish/adapters/demand-queries.ts';
import {forecastDemand} from '../../replenish/adapters/demand-upkeep.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {redecide} from '../../replenish/api.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const day = (days: number): EpochMs => epochMs(START + days * DAY_MS);
const HISTORY = {part_id: 'P-1', depot_id: 'D-1', qty: 1, cause: 'unmonitored'};

/** Two years of P-1 at D-1: three pieces a month that waited or were filled, and what must not be counted, or not twice. */
function withHistory(): MasterData {
  const network = tinyNetwork();
  const asked = Array.from({length: 72}, (_, i) => {
    const at = toIso(day(-720 + i * 10));
    const filled = toIso(day(-720 + i * 10 + (i % 3)));
    return {...HISTORY, source_key: `asked-${i}`, requested_at: at, filled_at: filled};
  });
  const line = (source_key: string, daysAgo: number, more: Record<string, string | number | boolean>) => ({
    ...HISTORY,
    source_key,
    requested_at: toIso(day(-daysAgo)),
    filled_at: '',
    ...more,
  });
  return {
    ...network,
    part_depot: network['part_depot']!.map((row) =>
      row['depot_id'] === 'D-1' ? {...row, background_per_year: 12} : row,
    ).concat({part_id: 'P-2', depot_id: 'D-C', party_id: 'OWN', may_stock: false}),
    demand_history: [
      ...asked,
      // Called off after it had waited: it was asked for all the same.
      line('called-off', 100, {cancelled_at: toIso(day(-90)), state: 'cancelled', qty: 2}),
      // Withdrawn: its need is another line's.
      line('withdrawn', 100, {state: 'cancelled', qty: 50}),
      line('sent-ahead', 200, {predicted: true, qty: 50, filled_at: toIso(day(-200))}),
      line('machine', 300, {equipment_id: 'M-1', cause: 'failure', qty: 40, filled_at: toIso(day(-299))}),
    ].map((row) => ({cancelled_at: '', state: '', predicted: false, equipment_id: '', ...row})),
  };
}

describe('forecasts of demand in the books', () => {
  let network: DecidingNetwork;
  beforeAll(async () => {
    network = await DecidingNetwork.open(withHistory());
    await network.forecast('S-1', 1000);
    await network.forecast('S-2', 1000);
    await network.decide();
    await sellOverTheCounter(network);
  });

  const forecastHere = async () => {
    const query = {partId: 'P-1', depotId: 'D-1', limit: 1};
    return (await listDemandForecasts(network.pool, query, network.now))[0]!;
  };
  const situationHere = async () => {
    const [situation] = await loadSituations(network.pool, 'G-1', network.now, DEFAULT_POLICY);
    return situation!.depots.find(({depotId}) => depotId === 'D-1')!;
  };

  it('C1 C2 counts each need once, on the day and of the part that was asked for, and no failure that a forecast stands for', async () => {
    expect(await situationHere()).toMatchObject({backgroundPerYear: 12});
    expect(await forecastDemand(network.pool, network.now)).toMatchObject({forecast: 2});
    const forecast = await forecastHere();
    expect(forecast).toMatchObject({asOf: START, pieces: 74, priorKind: 'master-data', masterPerYear: 12});
    expect(forecast.historyMonths).toBeCloseTo(720 / 30.4375, 0);
    expect(forecast.hiddenShare).toBe(0);
    // 74 pieces in 23.7 months, and the typed 12 a year still weighs a little.
    expect(forecast.perYear).toBeGreaterThan(33);
    expect(forecast.perYear).toBeLessThan(37.5);
    const {backgroundPerYear, backgroundVmr, background} = await situationHere();
    expect([backgroundPerYear, backgroundVmr]).toEqual([forecast.perYear, forecast.vmr]);
    expect(background).toMatchObject({asOf: START, priorPerYear: 12});
  });

  it('C2 over the counter only what was there was sold: the months count as long as the shelf had a piece', async () => {
    const [counter] = await listDemandForecasts(network.pool, {partId: 'P-2', limit: 1}, network.now);
    expect(counter).toMatchObject({depotId: 'D-C', pieces: 72});
    expect(counter!.hiddenShare).toBeCloseTo(0.6, 1);
    // Two pieces in the 8 days of 20 with stock; the usage alone says 36.5 a year.
    expect(Math.abs(counter!.perYear / ((2 / 8) * 365.25) - 1)).toBeLessThan(0.05);
  });

  it('I5 the decision records which forecast it took, is asked for when that moves, and decides the same again', async () => {
    const settled = await network.decide();
    const {decisionId, settled: last} = settled.at(-1)!;
    expect(last.situation.depots.map(({background}) => background?.asOf)).toContain(START);
    expect(await redecide(network.pool, decisionId)).toMatchObject({same: true});
  });

  it('said again on the same night it changes nothing and asks nobody', async () => {
    const before = await network.count('replenish.demand_signal');
    expect(await forecastDemand(network.pool, network.now)).toMatchObject({forecast: 0, compared: 0});
    expect(await network.count('replenish.demand_signal')).toBe(before);
  });

  it('C4 a campaign is demand by date, and what its machines took does not raise the later forecast', async () => {
    const campaigns = createCampaigns(network.pool, () => network.now);
    const planned = await campaigns.plan(
      {
        campaignId: 'RECALL-1',
        partId: 'P-1',
        modelIds: ['CH-100'],
        siteIds: [],
        customerPartyIds: [],
        lots: [],
        quantity: 2,
        takePpm: 800_000,
        takeStrength: 4,
        startsAt: network.now,
        endsAt: day(20),
      },
      'ada',
    );
    expect(planned).toMatchObject({ok: true, value: {machines: 2, served: 0}});
    const fresh = {strength: 4, machines: 2, served: 0};
    expect((await situationHere()).campaigns).toMatchObject([{machines: 2, quantity: 2, evidence: fresh}]);
    const {pieces} = await forecastHere();
    network.pass(5 * 24);
    await network.database.poolFor('forestock_network').query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, qty, filled_qty, requested_at, needed_at, filled_at, state, cause)
       SELECT gen_random_uuid(), 'work', 'recall', 'P-1', 'D-1', equipment_no, 2, 2, $1, $1, $1, 'filled', 'planned'
         FROM network.equipment WHERE equipment_id = 'M-1'`,
      [toIso(network.now)],
    );
    expect((await situationHere()).campaigns).toMatchObject([{machines: 1, evidence: {...fresh, served: 1}}]);
    network.pass(40 * 24);
    await forecastDemand(network.pool, network.now);
    expect((await forecastHere()).pieces).toBe(pieces);
    expect((await situationHere()).campaigns).toBeUndefined();
    expect(await campaigns.plan({...NOBODY, startsAt: day(2), endsAt: day(1)}, 'ada')).toMatchObject({
      ok: false,
      reason: 'empty-period',
    });
    expect(await campaigns.plan(NOBODY, 'ada')).toMatchObject({ok: false, reason: 'population-missing'});
    expect(await campaigns.end('RECALL-2', 'ada')).toMatchObject({ok: false, reason: 'unknown-campaign'});
  });

  it('C6 whole months are held against what stood before them, and a demand that doubles is one alert', async () => {
    const bias = 'replenish.alert WHERE kind = $$forecast-bias$$ AND state <> $$cleared$$';
    expect(await network.count(bias)).toBe(0);
    for (let i = 0; i < 5; i += 1) {
      await network.database.poolFor('forestock_network').query(
        `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, qty, filled_qty, requested_at, needed_at, filled_at, state, cause)
         SELECT gen_random_uuid(), 'history', 'more-' || $2 || '-' || n, 'P-1', 'D-1', 1, 1, $1, $1, $1, 'filled', 'unmonitored' FROM generate_series(1, 12) n`,
        [toIso(epochMs(network.now + 12 * DAY_MS)), i],
      );
      network.pass(31 * 24);
      await forecastDemand(network.pool, network.now);
    }
    expect(await network.count(bias)).toBe(1);
    const from = day(0);
    const {accuracy, total} = await demandAccuracy(network.pool, {by: 'part', from, limit: 10});
    const [row] = accuracy;
    expect(row).toMatchObject({of: 'P-1', alarm: true});
    expect(row!.forecasts).toBeGreaterThanOrEqual(5);
    expect(row!.bias).toBeLessThan(-0.3);
    expect(row!.signal).toBeGreaterThan(5);
    const byDepot = (await demandAccuracy(network.pool, {by: 'depot', from, limit: 10})).accuracy;
    expect(byDepot[0]).toMatchObject({of: 'D-1', actual: row!.actual});
    // Each month is held against the simple methods as they knew it, so what doubles and stays is told best by the month before.
    const {months, naive, sba, forecast, againstNaive} = row!.valueAdded;
    expect(months).toBe(row!.forecasts);
    expect(forecast.wape).toBeCloseTo(row!.wape!, 9);
    expect(naive.wape!).toBeLessThan(sba.wape!);
    expect(againstNaive).toBeCloseTo(naive.wape! - forecast.wape!, 12);
    expect(total).toMatchObject({
      of: 'all',
      forecasts: accuracy.reduce((sum, one) => sum + one.forecasts, 0),
    });
  });
});

/** Every 20 days two pieces of P-2 come to D-C; one is sold on day 2 and one on day 8, and the shelf is empty for twelve. */
async function sellOverTheCounter(network: DecidingNetwork): Promise<void> {
  const books = network.database.poolFor('forestock_network');
  const from = toIso(day(-720));
  await books.query(
    `SELECT network.post_movement(gen_random_uuid(), 'counter', kind || n, 'P-2', '', '', 'OWN', 'new', source, target, qty,
              $1::timestamptz + make_interval(days => 20 * n + after))
       FROM generate_series(0, 35) n, (VALUES ('in', 'supplier:SUP', 'depot:D-C', 2, 0), ('first', 'depot:D-C', 'customer:CUS', 1, 2),
              ('last', 'depot:D-C', 'customer:CUS', 1, 8)) AS m(kind, source, target, qty, after) ORDER BY n, after`,
    [from],
  );
  await books.query(
    `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, qty, filled_qty, requested_at, needed_at, filled_at, state, cause)
     SELECT gen_random_uuid(), 'counter', 'sale-' || n || '-' || after, 'P-2', 'D-C', 1, 1, at, at, at, 'filled', 'sale'
       FROM generate_series(0, 35) n, unnest(ARRAY[2, 8]) AS after, LATERAL (SELECT $1::timestamptz + make_interval(days => 20 * n + after) AS at) a`,
    [from],
  );
}

const NOBODY = {
  campaignId: 'RECALL-2',
  partId: 'P-1',
  modelIds: [],
  siteIds: [],
  customerPartyIds: [],
  lots: [],
  quantity: 1,
  takePpm: 1_000_000,
  takeStrength: 8,
  startsAt: day(1),
  endsAt: day(2),
};
