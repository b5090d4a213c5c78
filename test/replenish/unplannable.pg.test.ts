import {describe, expect, it} from 'vitest';
import {alertView} from '../../console/api/alert-view.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {watchUnserved} from '../../replenish/adapters/unserved-rows.ts';
import {listAlerts} from '../../replenish/api.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

/** P-3 has a shelf at D-1 that a supplier fills. */
function twoFamilies(): MasterData {
  const shelf = {part_id: 'P-3', depot_id: 'D-1', party_id: 'OWN', background_per_year: 2};
  const source = {
    part_id: 'P-3',
    depot_id: 'D-1',
    source_kind: 'supplier',
    source_id: 'SUP',
    lead_time_mean_d: 20,
    lead_time_sd_d: 5,
    price_minor: 90_000,
  };
  return withRows(tinyNetwork(), {part_depot: [shelf], sourcing: [source]});
}

const standing = (network: DecidingNetwork) =>
  network.pool
    .query<{subject: string; reason: string}>(
      `SELECT subject, body->>'reason' AS reason FROM replenish.alert WHERE kind = 'group-unplannable' AND state = 'open'`,
    )
    .then(({rows}) => rows);

describe('what cannot be planned', () => {
  it('E1 a family whose figures nobody can reckon with holds up no other, and an alert stands until it is decided again', async () => {
    const network = await DecidingNetwork.open(twoFamilies());
    const owner = network.database.poolFor('forestock_network');
    const background = (perYear: number) =>
      owner.query(`UPDATE network.part_depot SET background_per_year = $1 WHERE part_id = 'P-1'`, [perYear]);
    await background(3e8); // what the door would not let in, from before it knew
    await network.signal('G-1');
    await network.signal('G-3');
    expect((await network.decide()).map(({groupId}) => groupId)).toContain('G-3');
    expect(network.setAside).toMatchObject([{groupId: 'G-1'}]);
    expect(await standing(network)).toEqual([{subject: 'G-1', reason: network.setAside[0]!.reason}]);

    await background(2);
    await network.signal('G-1');
    expect((await network.decide()).map(({groupId}) => groupId)).toContain('G-1');
    expect(await standing(network)).toEqual([]);
  });

  it('E1 a family without a shelf anywhere is said to be planned by nobody', async () => {
    const network = await DecidingNetwork.open();
    await network.signal('G-2');
    expect(await network.decide()).toEqual([]);
    expect(await standing(network)).toMatchObject([
      {subject: 'G-2', reason: 'no part of it has a shelf at any depot'},
    ]);
  });

  it('E1 a shelf that nobody can refill today is an alert until somebody can, and no shelf that asks for nothing', async () => {
    const network = await DecidingNetwork.open(twoFamilies());
    const owner = network.database.poolFor('forestock_network');
    const shelves = () =>
      network.pool
        .query<{subject: string; why: string}>(
          `SELECT subject, body->>'why' AS why FROM replenish.alert WHERE kind = 'depot-unplannable' AND state = 'open'`,
        )
        .then(({rows}) => rows);
    const sourceFrom = (day: string) =>
      owner.query(`UPDATE network.sourcing SET valid_from = $1 WHERE part_id = 'P-3'`, [day]);
    await sourceFrom('2030-01-01');
    await network.signal('G-3');
    await network.decide();
    expect(await shelves()).toEqual([{subject: 'P-3@D-1', why: 'no source is in force'}]);
    await sourceFrom('2020-01-01');
    await network.signal('G-3');
    await network.decide();
    expect(await shelves()).toEqual([]);
    await sourceFrom('2030-01-01');
    await owner.query(`UPDATE network.part_depot SET background_per_year = 0 WHERE part_id = 'P-3'`);
    await network.signal('G-3');
    await network.decide();
    expect(await shelves()).toEqual([]);
  });

  it('B3 a part of a family that does not act has its alert too', async () => {
    const data = twoFamilies();
    const inOneFamily = data['part']!.map((row) =>
      row['part_id'] === 'P-3' ? {...row, group_id: 'G-1'} : row,
    );
    const network = await DecidingNetwork.open({...data, part: inOneFamily});
    await network.database
      .poolFor('forestock_network')
      .query(`UPDATE network.sourcing SET valid_from = '2030-01-01' WHERE part_id = 'P-3'`);
    await network.signal('G-1');
    const [decision] = await network.decide();
    expect(decision!.settled.situation.part.partId).toBe('P-1');
    const {rows} = await network.pool.query(
      `SELECT subject, decision_id FROM replenish.alert WHERE kind = 'depot-unplannable' AND state = 'open'`,
    );
    expect(rows).toEqual([{subject: 'P-3@D-1', decision_id: null}]);
  });

  it('D1 machines that no depot with a shelf for their part serves are named every night, until one does', async () => {
    const data = tinyNetwork();
    const network = await DecidingNetwork.open(data);
    await network.forecast('S-1', 300_000);
    const replenish = network.database.poolFor('forestock_replenish');
    const owner = network.database.poolFor('forestock_network');
    const told = async () => {
      await watchUnserved(replenish, network.now);
      const db = network.database.poolFor('forestock_api');
      return (await listAlerts(db, {limit: 10, kind: 'part-unserved', now: START})).map(
        (alert) => alertView(alert).text,
      );
    };
    expect(await told()).toEqual([]);
    await owner.query('DELETE FROM network.service_area');
    expect(await told()).toEqual(['no depot that serves M-1 has a shelf for P-1']);
    await owner.query(
      `INSERT INTO network.service_area (equipment_no, depot_id, transit_h) SELECT equipment_no, 'D-C', 10 FROM network.equipment`,
    );
    expect(await told()).toEqual([]);
  });

  it('D1 what is expected of a machine stands at the depot where its need will show: the first that stocks the part', async () => {
    const data = tinyNetwork();
    const network = await DecidingNetwork.open({
      ...data,
      part_depot: data['part_depot']!.filter((row) => row['depot_id'] !== 'D-1'),
      sourcing: data['sourcing']!.filter((row) => row['depot_id'] !== 'D-1'),
      opening_stock: data['opening_stock']!.filter((row) => row['depot_id'] !== 'D-1'),
    });
    await network.forecast('S-1', 900_000);
    await network.signal();
    const [decision] = await network.decide();
    const components = decision!.settled.situation.depots.map(({depotId, components}) => [
      depotId,
      components.map(({componentId}) => componentId),
    ]);
    expect(components).toEqual([['D-C', ['S-1']]]);
    await network.breakDown('M-1');
    await network.signal();
    const needs = (await network.decide())
      .at(-1)!
      .settled.situation.depots.flatMap(({depotId, needs}) => needs.map(() => depotId));
    expect(needs).toEqual(['D-C']);
  });
});
