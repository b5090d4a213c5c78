import {beforeEach, describe, expect, it} from 'vitest';
import {HOUR_MS, toIso} from '../../domain/time.ts';
import {START} from '../network/tiny-network.ts';
import type {DecidingNetwork} from './reference.ts';
import {LATE, WaitingMachine} from './waiting-machine.ts';

describe('backorders that pass levels', () => {
  let world: WaitingMachine;
  let network: DecidingNetwork;
  beforeEach(async () => {
    world = await WaitingMachine.open();
    ({network} = world);
  });

  it('E2 E5 is tagged from what is on record, and passes each level once, whatever the clock does in between', async () => {
    network.pass(1);
    await world.watch();
    expect((await world.standing()).causes).toMatchObject([
      {cause: 'supplier-late', percent: 100, evidence: [{kind: 'order', ref: LATE, detail: {lateH: 240}}]},
    ]);
    expect(await world.watch()).toBe(0); // nothing is due
    for (const hours of [10, 12, 1, 24, 1, 1]) {
      network.pass(hours);
      await world.watch();
      await world.watch();
      await network.tell();
    }
    expect(await world.lived()).toEqual(['opened', 'warn', 'breach', 'escalate']); // B and gold: at 12, 24 and 48 h
    const alerts = await network.pool.query<{
      level: number;
      body: {level: string; tell: string};
    }>(`SELECT level, body FROM replenish.alert WHERE kind = 'backorder-duration'`);
    expect(alerts.rows).toMatchObject([{level: 3, body: {level: 'escalate', tell: 'operations-manager'}}]);
    const told = await network.pool.query<{type: string}>(
      `SELECT payload->>'type' AS type FROM platform.outbox WHERE cause_kind = 'alert' ORDER BY outbox_id`,
    );
    expect(told.rows.map(({type}) => type)).toEqual(['alert.warn', 'alert.breach', 'alert.escalate']);
  });

  it('E7 passes the levels of its machine’s contract, and tells whom that names', async () => {
    const levels = [{afterMin: 60, role: 'site-lead', channel: 'phone'}, {afterMin: 120, role: 'account-manager', channel: 'mail'}]; // prettier-ignore
    await network.database
      .poolFor('forestock_partners')
      .query(
        `INSERT INTO partners.contract_term (contract_id, version, term_no, type, params, effective) VALUES ('K-1', 1, 1, 'escalation', $1, '(,)')`,
        [JSON.stringify({levels})],
      );
    const told = async () => {
      const {rows} = await network.pool.query<{level: string; tell: string}>(
        `SELECT body->>'level' AS level, body->>'tell' AS tell FROM replenish.alert WHERE kind = 'backorder-duration'`,
      );
      return rows;
    };
    network.pass(1);
    await world.watch();
    expect(await told()).toEqual([{level: 'warn', tell: 'site-lead'}]);
    network.pass(1);
    await world.watch();
    network.pass(45);
    await world.watch();
    expect(await world.lived()).toEqual(['opened', 'warn', 'breach']);
    network.pass(1); // the third is the matrix’s: B and gold after 48 h
    await world.watch();
    expect(await world.lived()).toEqual(['opened', 'warn', 'breach', 'escalate']);
  });

  it('E5 another matrix counts from its date on', async () => {
    network.pass(1);
    await world.watch();
    const value = {acceptable: [{criticality: '*', tier: '*', hours: 4}]};
    await network.database
      .poolFor('forestock_platform')
      .query(
        `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')`,
        [toIso((START + 6 * HOUR_MS) as typeof START), JSON.stringify(value)],
      );
    network.pass(4);
    expect(await world.watch()).toBe(0);
    network.pass(1);
    expect(await world.watch()).toBe(1);
    expect((await world.standing()).level).toBe('breach');
  });

  it('E5 a matrix that cannot be read is named, and the register still shows', async () => {
    const parameter = (value: unknown) =>
      network.database.poolFor('forestock_platform').query(
        `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')
             ON CONFLICT (key, scope, effective_from) DO UPDATE SET value = excluded.value`,
        [toIso(network.now), JSON.stringify(value)],
      );
    network.pass(13);
    await world.watch();
    for (const value of [
      {warnShare: 2},
      {acceptible: []},
      'none',
      [{hours: 4}],
      {override: {from: 'never'}},
    ]) {
      await parameter(value);
      await expect(world.watch()).rejects.toMatchObject({
        code: 'parameter-unreadable',
        message: expect.stringContaining('replenish.backorders') as string,
      });
    }
    expect(await world.standing()).toMatchObject({level: 'warn', isRed: false});
    await parameter({warnShare: 0.25});
    expect(await world.watch()).toBe(1);
  });

  it('E7 who has acknowledged the alert is told no more', async () => {
    network.pass(13);
    await world.watch();
    await network.tell();
    await network.pool.query(
      `UPDATE replenish.alert SET state = 'acknowledged' WHERE kind = 'backorder-duration'`,
    );
    network.pass(40);
    await world.watch();
    await network.tell();
    expect(await world.lived()).toEqual(['opened', 'warn', 'breach', 'escalate']);
    expect(await network.count(`platform.outbox WHERE cause_kind = 'alert'`)).toBe(1);
  });
});
