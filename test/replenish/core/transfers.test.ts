import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {optionsFor} from '../../../replenish/core/decision/options.ts';
import {refillArrival} from '../../../replenish/core/decision/refill.ts';
import {donorRiskMinor, donorsOf} from '../../../replenish/core/decision/unaided.ts';
import {applied, component, depot, lane, receipt, situation, source} from './situations.ts';

const both = [lane('A', 'B'), lane('B', 'A')];

describe('when a depot is really refilled', () => {
  it('a supplier delivers after its lead time', () => {
    const one = depot('A', {sources: [source('supplier', 'SUP', {meanH: 240, sdH: 48})]});
    expect(refillArrival(situation([one]), one, 1)).toEqual({meanH: 240, sdH: 48});
  });

  it('an empty parent sends what its own receipt brings, 100 ± 20 h and 3 h of road', () => {
    const child = depot('A', {parentDepotId: 'C', sources: [source('depot', 'C', {meanH: 3})]});
    const centre = depot('C', {receipts: [receipt('R', 1, 100, {sdH: 20})]});
    expect(refillArrival(situation([child, centre]), child, 1)).toEqual({meanH: 103, sdH: 20});
  });

  it('a parent that owes the piece it expects asks its supplier for another', () => {
    const child = depot('A', {parentDepotId: 'C', sources: [source('depot', 'C', {meanH: 3})]});
    const need = {demandId: 'N', quantity: 1, neededAt: 0, equipmentId: null, shortageMinorPerH: 1};
    const centre = depot('C', {
      receipts: [receipt('R', 1, 100)],
      needs: [need],
      sources: [source('supplier', 'SUP', {meanH: 240})],
    });
    expect(refillArrival(situation([child, centre]), child, 1)).toEqual({meanH: 243, sdH: 0});
  });

  it('depots that name each other as their source have none', () => {
    const a = depot('A', {sources: [source('depot', 'B')]});
    const b = depot('B', {sources: [source('depot', 'A')]});
    expect(refillArrival(situation([a, b]), a, 1)).toBeNull();
  });
});

describe('transfers', () => {
  it('F2 the same transfer is right from a calm donor and wrong from one that needs the piece itself', () => {
    const waiting = depot('B', {components: [component('C1', 500_000)]});
    const calm = decide(situation([depot('A', {onHand: 1}), waiting], both));
    expect(calm.option).toMatchObject({action: 'transfer', sourceId: 'A', quantity: 1, donorRiskMinor: 0});

    const worried = depot('A', {onHand: 1, components: [component('C2', 500_000)]});
    const held = situation([worried, waiting], both);
    expect(decide(held).option.action).toBe('nothing');
    const plans = planDepots(held);
    const [move] = optionsFor(held, donorsOf(held, plans), plans.get('B')!);
    expect(move!.donorRiskMinor).toBeGreaterThan(plans.get('B')!.waitingMinor - move!.downtimeMinor);
  });

  it('F2 a donor counts on its parent only for what the parent can send', () => {
    const donor = depot('A', {
      parentDepotId: 'C',
      onHand: 1,
      components: [component('C1', 200_000)],
      sources: [source('depot', 'C', {meanH: 24})],
    });
    const full = situation([donor, depot('C', {onHand: 1})]);
    const empty = situation([donor, depot('C')]);
    const risk = (s: typeof full): number => donorRiskMinor(s, planDepots(s).get('A')!, 1);
    expect(risk(full)).toBeLessThan(risk(empty) / 5);
    // Without any refill the donor risks all that its machine may cost: a piece short from the failure to the horizon.
    expect(risk(empty)).toBe(
      planDepots(situation([{...donor, onHand: 0}, depot('C')])).get('A')!.waitingMinor,
    );
  });

  it('two depots at equal risk leave their pieces where they are, before and after one of them gave', () => {
    const a = depot('A', {onHand: 2, components: [component('A1', 400_000), component('A2', 400_000)]});
    const b = depot('B', {onHand: 0, components: [component('B1', 400_000), component('B2', 400_000)]});
    const far = [lane('A', 'B', {meanH: 60}), lane('B', 'A', {meanH: 60})];
    const start = situation([a, b], far);
    const first = decide(start);
    expect(first).toMatchObject({depotId: 'B', option: {action: 'transfer', sourceId: 'A', quantity: 1}});
    expect(decide(applied(start, first, 0)).option.action).toBe('nothing');
  });

  it('a depot that waits for a rescue itself is shown as a donor and not chosen', () => {
    const donor = depot('A', {onHand: 1, receipts: [receipt('R', 1, 10, {kind: 'transfer'})]});
    const start = situation([donor, depot('B', {components: [component('C1', 800_000)]})], both);
    const {option, alternatives, reasons} = decide(start);
    expect(option.action).toBe('nothing');
    expect(alternatives).toEqual([expect.objectContaining({excluded: 'A waits for a rescue itself'})]);
    expect(reasons).toContainEqual({code: 'no-source'});
  });
});
