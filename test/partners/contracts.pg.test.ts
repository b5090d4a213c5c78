/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {TERM_TYPES} from '../../domain/contract-term.ts';
import type {TermType} from '../../domain/contract-term.ts';
import {PenaltyFormula, penaltyMinor} from '../../domain/penalty.ts';
import {epochMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {startPartners} from '../../partners/main.ts';
import {loadSituations} from '../../replenish/adapters/situation-rows.ts';
import {DEFAULT_POLICY} from '../../replenish/core/decision/situation.ts';
import {TERM_EXAMPLES} from '../domain/term-examples.ts';
import {hungryNetwork, openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';

const PENALTY = {perHourMinor: 12_345, capMinor: 500_000};
const key = {contract_id: 'K-1', version: 1};
const params = (value: object): string => JSON.stringify(value);

/** Eight office hours to restore, a penalty beyond; from February four hours and no penalty term, until the middle of March. */
function data(): MasterData {
  const network = hungryNetwork();
  const [contract] = network['contract']!;
  const sla = {metric: 'restoreH', target: 8, calendar: 'office', remediationH: 9};
  return {
    ...network,
    calendar: [
      {
        calendar_id: 'office',
        time_zone: 'Europe/Warsaw',
        hours: 'Mon-Fri 08:00-17:00',
        holidays: '2026-01-01|2026-01-06',
      },
    ],
    contract: [
      {...contract!, version: 1, valid_from: '2025-01-01T00:00:00.000Z', valid_to: ''},
      {
        ...contract!,
        version: 2,
        valid_from: '2026-02-01T00:00:00.000Z',
        valid_to: '2026-03-15T00:00:00.000Z',
      },
      {...contract!, contract_id: 'K-S', party_b: 'SUP', version: 1, valid_from: '', valid_to: ''},
      {...contract!, contract_id: 'K-9', version: 1, valid_from: '', valid_to: '2026-02-20T00:00:00.000Z'},
    ],
    contract_term: [
      {...key, term_no: 1, type: 'sla', params: params(sla), clause_ref: '§4.1'},
      {
        ...key,
        term_no: 2,
        type: 'penalty',
        params: params({slaTermNo: 1, currency: 'EUR', ...PENALTY, capPerWindowMinor: PENALTY.capMinor}),
      },
      {...key, term_no: 3, type: 'terminate', params: params({slaTermNo: 1, consecutiveWindows: 1})},
      {...key, version: 2, term_no: 1, type: 'sla', params: params({...sla, target: 4})},
      {
        contract_id: 'K-S',
        version: 1,
        term_no: 1,
        type: 'ownership',
        scope: params({partIds: ['P-1']}),
        params: params({model: 'owned', ownerPartyId: 'SUP', titleTransfer: 'shipment'}),
      },
    ].map((row) => ({clause_ref: '', scope: '', ...row})),
  };
}

describe('contracts', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: data()});
  });
  afterAll(() => world.stop());

  const at = (iso: string) => world.clock.advanceTo(epochMs(Date.parse(iso)));
  const clause = async () => (await world.get('/api/v1/sla?contractId=K-1')).body.clauses[0];

  it('J1 are read as of a date: eight hours in January, four from the day of version 2', async () => {
    const targetAt = async (asOf: string) => {
      const {body} = await world.get(`/api/v1/contracts?asOf=${asOf}`);
      const found = body.contracts.find((one: {contractId: string}) => one.contractId === 'K-1');
      return [found.version, found.terms[0].params.target];
    };
    expect(await targetAt('2026-01-31T23:59:59Z')).toEqual([1, 8]);
    expect(await targetAt('2026-02-01T00:00:00Z')).toEqual([2, 4]);
    const {body} = await world.get('/api/v1/contracts/K-1');
    expect(
      body.versions.map(({version, terms}: {version: number; terms: unknown[]}) => [version, terms.length]),
    ).toEqual([
      [2, 1],
      [1, 3],
    ]);
    expect(body.versions[1].terms[0]).toMatchObject({type: 'sla', clauseRef: '§4.1', from: null, to: null});
    expect(await world.get('/api/v1/contracts/K-0')).toMatchObject({
      status: 404,
      body: {error: 'unknown-contract'},
    });
  });

  it('J1 come back from an export as they went in, and what cannot be read is refused with its row', async () => {
    const {body} = await world.get('/api/v1/master-data');
    const tables = body.tables as Record<string, {columns: string[]; rows: string[][]}>;
    const again = await world.post('/api/v1/master-data', {tables});
    expect(again.body).toMatchObject({imported: true, rows: {calendar: 1, contract_term: 5}, mistakes: []});
    expect((await world.get('/api/v1/master-data')).body.tables.contract_term).toEqual(
      tables['contract_term'],
    );
    const scoped = (equipmentId: string) =>
      world.post('/api/v1/master-data?dryRun=true', {
        tables: {
          contract_term: {
            columns: ['contract_id', 'version', 'term_no', 'type', 'params', 'scope'],
            rows: [['K-1', '1', '9', 'moq', '{"min":2}', params({equipmentIds: [equipmentId]})]],
          },
        },
      });
    expect((await scoped('M-1')).body.mistakes).toEqual([]);
    expect((await scoped('M-0')).body.mistakes).toMatchObject([
      {file: 'contract_term.csv', line: 2, what: 'scope "M-0" is not in equipment.csv'},
    ]);
    const rows = [
      ['K-1', '1', '4', 'fine', '{}'],
      ['K-1', '1', '5', 'penalty', '{"slaTermNo":2,"currency":"EUR","perHourMinor":1}'],
      ['K-1', '3', '6', 'sla', '{"metric":"restoreH","target":8,"calendar":"nowhere"}'],
      ['K-1', '1', '7', 'sla', '{"metric":"restoreH"}'],
    ];
    const columns = ['contract_id', 'version', 'term_no', 'type', 'params'];
    const refused = await world.post('/api/v1/master-data?dryRun=true', {
      tables: {
        contract_term: {columns, rows},
        calendar: {columns: ['calendar_id', 'time_zone', 'hours'], rows: [['x', 'UTC', 'nine to five']]},
      },
    });
    const told = (refused.body.mistakes as {file: string; line: number; what: string}[]).map(
      ({file, line, what}) => `${file} ${line}: ${what}`,
    );
    expect(told).toEqual([
      expect.stringMatching(/^calendar.csv 2: "nine to five" is no rule of hours/),
      expect.stringMatching(/^contract_term.csv 2: type "fine" is none of sla, penalty/),
      'contract_term.csv 3: slaTermNo 2 is no sla term of K-1 version 1',
      'contract_term.csv 4: params "nowhere" is not in calendar.csv',
      'contract_term.csv 4: version "3" is not in contract.csv',
      expect.stringMatching(/^contract_term.csv 5: params of sla: target: /),
    ]);
  });

  it('J1 of every term type are imported, shown as they were agreed, and refused with their mistakes named', async () => {
    const contract = {contract_id: 'K-ALL', version: '1', valid_from: '2030-01-01T00:00:00.000Z'};
    const table = (rows: Record<string, string>[]) => ({
      columns: Object.keys(rows[0]!),
      rows: rows.map((row) => Object.values(row)),
    });
    const terms = TERM_TYPES.map((type, i) => ({
      ...{contract_id: 'K-ALL', version: '1', term_no: String(i + 1), type},
      params: params(TERM_EXAMPLES[type].good),
    }));
    const tables = {
      contract: table([{...contract, party_a: 'OWN', party_b: 'SUP', type: 'framework'}]),
      contract_term: table(terms),
    };
    expect((await world.post('/api/v1/master-data', {tables})).body).toMatchObject({
      imported: true,
      mistakes: [],
    });
    const shown = (await world.get('/api/v1/contracts/K-ALL')).body.versions[0].terms;
    expect(shown.map(({type}: {type: string}) => type)).toEqual(TERM_TYPES);
    for (const {type, params: read} of shown as {type: TermType; params: object}[])
      expect(read, type).toMatchObject(TERM_EXAMPLES[type].good);
    const mistaken = TERM_TYPES.map((type, i) => {
      const {good, bad} = TERM_EXAMPLES[type];
      return {...terms[i]!, params: params({...good, ...bad[0]![0]})};
    });
    const refused = await world.post('/api/v1/master-data?dryRun=true', {
      tables: {contract_term: table(mistaken)},
    });
    const told = refused.body.mistakes as {line: number; what: string}[];
    for (const [i, type] of TERM_TYPES.entries())
      expect(told.find(({line}) => line === i + 2)?.what).toMatch(new RegExp(`^params of ${type}: `, 'u'));
  });

  it('J1 that end soon and are not renewed are listed, and each is one alert until it has ended', async () => {
    const {expiryWatch} = startPartners({pool: world.db.poolFor('forestock_partners'), clock: world.clock});
    const alerts = async () =>
      (await world.get('/api/v1/alerts')).body.alerts
        .filter(({kind}: {kind: string}) => kind === 'contract-expiring')
        .map(({subject}: {subject: string}) => subject);
    expect((await world.get('/api/v1/contracts/expiring?withinDays=100')).body.contracts).toMatchObject([
      {contractId: 'K-9', validTo: '2026-02-20T00:00:00.000Z'},
    ]);
    expect((await world.get('/api/v1/contracts/expiring?withinDays=30')).body.contracts).toEqual([]);
    expect([await expiryWatch.runOnce(), await expiryWatch.runOnce()]).toEqual([1, 0]);
    expect(await alerts()).toEqual(['K-9']);
    await world.db
      .poolFor('forestock_partners')
      .query(`UPDATE network.contract SET valid = tstzrange(lower(valid), NULL) WHERE contract_id = 'K-9'`);
    await at('2026-01-05T00:00:00Z');
    await world.db
      .poolFor('forestock_partners')
      .query(`UPDATE platform.world_timer SET due_at = '2026-01-01' WHERE kind = 'contract-expiry'`);
    expect(await expiryWatch.runOnce()).toBe(1);
    expect(await alerts()).toEqual([]);
  });

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
          contract_term: data()['contract_term']!.flatMap(
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

  it('J2 J11 what is in transit belongs to whom the contract says, and the owners’ sums are the ledger’s', async () => {
    const orders = {
      'P-1': '11111111-1111-4111-8111-111111111111',
      'P-2': '22222222-2222-4222-8222-222222222222',
    };
    for (const [partId, orderId] of Object.entries(orders)) {
      await world.db
        .poolFor('forestock_network')
        .query(
          `SELECT network.place_supply_order($1, $1, 'purchase', $2, 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', 3, 'released', $3, $3, 0, 0, 'EUR', null)`,
          [orderId, partId, '2026-01-07T12:00:00Z'],
        );
      expect((await world.post(`/api/v1/orders/${orderId}/ship`, {})).status).toBe(200);
    }
    const {capital} = (await world.get('/api/v1/working-capital')).body;
    expect(capital.filter(({state}: {state: string}) => state === 'in-transit')).toEqual([
      // P-1 by the term of K-S at shipment, P-2 by none at receipt.
      {
        ownerPartyId: 'OWN',
        holderPartyId: 'OWN',
        state: 'in-transit',
        currency: 'EUR',
        pieces: 3,
        valueMinor: 300_000,
      },
      {
        ownerPartyId: 'SUP',
        holderPartyId: 'OWN',
        state: 'in-transit',
        currency: 'EUR',
        pieces: 3,
        valueMinor: 2_700,
      },
    ]);
    const {stock} = (await world.get('/api/v1/stock')).body;
    const sum = (rows: {valueMinor: number}[]) => rows.reduce((total, {valueMinor}) => total + valueMinor, 0);
    expect(sum(capital)).toBe(sum(stock));
    expect((await world.get('/api/v1/working-capital?partyId=SUP')).body.capital).toHaveLength(1);
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
