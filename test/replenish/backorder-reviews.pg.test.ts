import {beforeEach, describe, expect, it} from 'vitest';
import {toIso} from '../../domain/time.ts';
import {openBackorderDesk} from '../../replenish/adapters/backorder-desk.ts';
import {listReviews} from '../../replenish/api.ts';
import type {DecidingNetwork} from './reference.ts';
import {LINE, WaitingMachine} from './waiting-machine.ts';

describe('backorders under review', () => {
  let world: WaitingMachine;
  let network: DecidingNetwork;
  beforeEach(async () => {
    world = await WaitingMachine.open();
    ({network} = world);
  });

  it('E2 E8 two people may speak of one backorder at once', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    network.pass(31 * 24);
    await world.watch();
    const said = Array.from({length: 8}, (_, i) => [
      desk.correct({demandId: LINE, cause: 'planned-risk', reason: `r${i}`, actor: 'ada'}),
      desk.review({demandId: LINE, words: {cause: `c${i}`}, close: false, actor: 'ben'}),
    ]).flat();
    const settled = await Promise.allSettled(said);
    expect(settled.filter(({status}) => status === 'rejected')).toEqual([]);
    expect((await world.lived()).slice(-16).toSorted()).toEqual([
      ...Array.from({length: 8}, () => 'corrected'),
      ...Array.from({length: 8}, () => 'review-changed'),
    ]);
  });

  it('E8 thirty days open a review that cannot be closed empty, by nobody and by no way around', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    const by = {demandId: LINE, actor: 'ada'};
    expect(await desk.review({...by, words: {}, close: true})).toMatchObject({
      ok: false,
      reason: 'unknown-review',
    });
    network.pass(31 * 24);
    expect((await world.standing()).isRed).toBe(true);
    await world.watch();
    expect(await world.standing()).toMatchObject({isRed: true, review: {closedAt: null}});
    expect(await listReviews(network.pool, {state: 'open', limit: 10})).toMatchObject([
      {demandId: LINE, partId: 'P-1', causes: [{cause: 'supplier-late'}]},
    ]);
    const words = {
      cause: 'supplier out of castings',
      resolution: 'bought elsewhere',
      preventiveAction: 'second source',
    };
    expect(await desk.review({...by, words, close: true})).toMatchObject({
      ok: false,
      reason: 'review-incomplete',
      detail: expect.stringContaining('owner, due date of the action') as string,
    });
    const emptied = network.pool.query(
      `UPDATE replenish.backorder_review SET closed_at = $1, closed_by = 'x'`,
      [toIso(network.now)],
    );
    await expect(emptied).rejects.toThrow(/review_not_empty/);
    expect(await desk.review({...by, words, close: false})).toMatchObject({ok: true});
    const rest = {owner: 'ada', actionDueAt: network.now};
    expect(await desk.review({...by, words: rest, close: true})).toMatchObject({
      ok: true,
      value: {...words, closedBy: 'ada'},
    });
    expect(await world.standing()).toMatchObject({isRed: false});
    expect(await desk.review({...by, words: {cause: 'other'}, close: false})).toMatchObject({
      reason: 'review-closed',
    });
    expect(await world.audited('backorder.review-closed')).toBe(1);
  });
});
