/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {PenaltyFormula, penaltyMinor} from '../../domain/penalty.ts';
import {epochMs} from '../../domain/time.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/policy.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {PENALTY, contracted, params} from './contracted.ts';

describe('service levels and what they cost', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: contracted()});
  });
  afterAll(() => world.stop());

  const at = (iso: string) => world.clock.advanceTo(epochMs(Date.parse(iso)));
  const clause = async () => (await world.get('/api/v1/sla?contractId=K-1')).body.clauses[0];

  it('I1 I2 a machine that stands: at risk, late, settled to the cent of the formula that the decision reckons with', async () => {
    await at('2026-01-05T10:00:00Z');
    const report = {
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: '2026-01-05T09:00:00.000Z', // Monday 10:00 in Warsaw; Tuesday is a holiday
      finding: 'failed',
      partMissing: true,
    };
    expect((await world.post('/api/v1/repairs', report)).status).toBe(200);

    // The decision knows the clause, and that its clock has run one hour.
    const pool = world.db.poolFor('forestock_replenish');
    const [situation] = await loadSituations(pool, 'G-1', world.clock.now(), DEFAULT_POLICY);
    const formula = PenaltyFormula.parse(PENALTY);
    expect(situation!.contracts).toEqual([
      {
        contractId: 'K-1',
        version: 1,
        charges: [{termNo: 2, scope: {}, limitH: 8, clockShare: 45 / 168, formula}],
      },
    ]);
    // Downtime alone: the version's plain 50.00 an hour gives way to its term.
    const here = situation!.depots.find(({depotId}) => depotId === 'D-1')!;
    expect(here.needs).toMatchObject([{contractId: 'K-1', clockedH: [1], shortageMinorPerH: 20_000}]);

    // Nothing is promised: it will be late. An order promised for Wednesday morning keeps it.
    expect(await clause()).toMatchObject({
      running: 1,
      breached: false,
      breachProbability: 1,
      atRisk: [{equipmentId: 'M-1', dueAt: '2026-01-07T08:00:00.000Z', promisedAt: null}],
    });
    const orderId = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';
    await world.db
      .poolFor('forestock_network')
      .query(
        `SELECT network.place_supply_order($1, $1, 'transfer', 'P-1', 'depot:D-C', 'depot:D-1', null, 'OWN', 1, 'released', $2, $3, 0, 0, 'EUR', 'road')`,
        [orderId, '2026-01-05T10:00:00Z', '2026-01-07T07:00:00Z'],
      );
    expect(await clause()).toMatchObject({breachProbability: 0});
    expect((await world.get('/api/v1/settlement')).body.lines).toEqual([]);

    // It comes at 11:20 on Wednesday, two hours and twenty minutes late.
    await at('2026-01-07T10:20:00Z');
    const goods = {part: {number: 'P-1'}, depotId: 'D-1', qty: 1};
    await world.post('/api/v1/stock/receipts', {...goods, fromLoc: 'supplier:SUP'});
    const [line] = (await world.get('/api/v1/demand')).body.demand;
    await world.post('/api/v1/stock/issues', {...goods, customerPartyId: 'CUS', demandId: line.demandId});
    const late = 2 + 20 / 60;
    expect(await clause()).toMatchObject({
      late: 1,
      running: 0,
      compliancePct: 0,
      breached: true,
      breaches: [
        {equipmentId: 'M-1', endAt: '2026-01-07T10:20:00.000Z', remedyBy: '2026-01-08T08:00:00.000Z'},
      ],
      triggers: [{action: 'terminate', breachedInARow: 1, reached: true}],
    });
    await at('2026-01-07T12:00:00Z');
    const {lines} = (await world.get('/api/v1/settlement?contractId=K-1')).body;
    expect(lines).toMatchObject([
      {
        kind: 'penalty',
        termNo: 2,
        equipmentId: 'M-1',
        currency: 'EUR',
        amountMinor: penaltyMinor(formula, late),
      },
    ]);
    expect(lines[0].amountMinor).toBe(28_805); // 123.45 · 2⅓
    expect(lines[0].lateH).toBeCloseTo(late, 9);
    // The next decision reckons with what is left of the window's cap.
    await world.db.poolFor('forestock_predict').query(
      `INSERT INTO predict.forecast_current (component_id, equipment_no, position_id, as_of, model_version_id, revision, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, signalled_ppm)
       SELECT component_id, equipment_no, position_id, '2026-01-07T12:00:00Z', 'm1', 0, 'weibull-age', '{168}', '{9000}', 0, 100, '{9000}'
         FROM network.installation WHERE component_id = 'S-2'`,
    );
    const [after] = await loadSituations(pool, 'G-1', world.clock.now(), DEFAULT_POLICY);
    expect(after!.contracts![0]!.charges[0]!.formula.capMinor).toBe(PENALTY.capMinor - 28_805);
    // A version that takes over has a cap of its own: the case belongs to the one before it, as in the settlement.
    const renewed = {contract_id: 'K-1', version: '3', valid_from: '2026-01-07T11:00:00.000Z'};
    const imported = await world.post('/api/v1/master-data', {
      tables: Object.fromEntries(
        Object.entries({
          contract: [{...renewed, party_a: 'OWN', party_b: 'CUS', type: 'sla'}],
          contract_term: contracted()['contract_term']!.flatMap(
            ({term_no, type, params: text, contract_id, version}) =>
              contract_id === 'K-1' && version === 1
                ? [
                    {
                      ...renewed,
                      term_no: String(term_no),
                      type: String(type),
                      params: String(text),
                      valid_from: '',
                    },
                  ]
                : [],
          ),
        }).map(([name, rows]) => [
          name,
          {columns: Object.keys(rows[0]!), rows: rows.map((row) => Object.values(row))},
        ]),
      ),
    });
    expect(imported.body).toMatchObject({imported: true, mistakes: []});
    const [under3] = await loadSituations(pool, 'G-1', world.clock.now(), DEFAULT_POLICY);
    expect(under3!.contracts).toMatchObject([
      {version: 3, charges: [{formula: {capMinor: PENALTY.capMinor}}]},
    ]);
    // Due when it ended, whenever it began.
    const due = async (period: string) =>
      (await world.get(`/api/v1/settlement?${period}`)).body.lines?.length;
    expect(await due('from=2026-01-07T10:20:00Z')).toBe(1);
    expect(await due('from=2026-01-07T10:20:01Z')).toBe(0);
    expect(await due('from=2026-01-05T00:00:00Z&to=2026-01-07T10:20:00Z')).toBe(0);
    expect((await world.get('/api/v1/settlement?from=2001-01-01T00:00:00Z')).body).toMatchObject({
      error: 'period-too-long',
    });
  });

  it('I1 I2 the hours that machines waited stand against their availability, and are one line once the month is over', async () => {
    const columns = ['contract_id', 'version', 'valid_from'];
    const renewed = ['K-1', '4', '2026-01-01T00:00:00.000Z'];
    const sla = {metric: 'availability', target: 99};
    const imported = await world.post('/api/v1/master-data', {
      tables: {
        contract: {
          columns: [...columns, 'party_a', 'party_b', 'type'],
          rows: [[...renewed, 'OWN', 'CUS', 'sla']],
        },
        contract_term: {
          columns: ['contract_id', 'version', 'term_no', 'type', 'params'],
          rows: [
            ['K-1', '4', '1', 'sla', params(sla)],
            ['K-1', '4', '2', 'penalty', params({slaTermNo: 1, currency: 'EUR', perHourMinor: 10_000})],
          ],
        },
      },
    });
    expect(imported.body).toMatchObject({imported: true, mistakes: []});
    // M-1 waited from Monday 09:00 until Wednesday 10:20; it is Wednesday 12:00.
    const waited = 49 + 20 / 60;
    const now = await clause();
    expect(now).toMatchObject({metric: 'availability', target: 99, breached: true, breachProbability: 1});
    expect(now.measured).toBeCloseTo(100 * (1 - waited / (2 * 156)), 9);
    // The next hour is charged at once: the month's 14.88 h are used up.
    const [situation] = await loadSituations(world.db.poolFor('forestock_replenish'), 'G-1', world.clock.now(), DEFAULT_POLICY); // prettier-ignore
    expect(situation!.contracts).toMatchObject([
      {version: 4, charges: [{limitH: 0, formula: {perHourMinor: 10_000}}]},
    ]);
    await at('2026-02-01T00:00:00Z');
    const {lines} = (await world.get('/api/v1/settlement?contractId=K-1&to=2026-02-02T00:00:00Z')).body;
    expect(lines).toMatchObject([{kind: 'penalty', dueAt: '2026-02-01T00:00:00.000Z', demandId: null}]);
    expect(lines[0].amountMinor).toBe(Math.round((waited - 0.01 * 2 * 744) * 10_000));
  });
});
