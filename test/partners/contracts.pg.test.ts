/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {TERM_TYPES} from '../../domain/contract-term.ts';
import type {TermType} from '../../domain/contract-term.ts';
import {epochMs} from '../../domain/time.ts';
import {startPartners} from '../../partners/main.ts';
import {TERM_EXAMPLES} from '../domain/term-examples.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {contracted, params} from './contracted.ts';

describe('contracts', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: contracted()});
  });
  afterAll(() => world.stop());

  const at = (iso: string) => world.clock.advanceTo(epochMs(Date.parse(iso)));

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
});
