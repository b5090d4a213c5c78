import {expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {inSequence} from '../../../replenish/core/lead-time/sequential-supply.ts';
import type {DepotSituation} from '../../../replenish/core/decision/situation.ts';
import {depot, receipt, situation, source} from './situations.ts';

const sequential = source('supplier', 'SUP', {meanH: 240, sdH: 48, sequential: true});
const late = receipt('O-1', 1, 336, {sdH: 72});

const arrivalAt = (place: DepotSituation): readonly [number, number] => {
  const [{meanH, sdH}] = inSequence(situation([place])).depots[0]!.sources as [typeof sequential];
  return [meanH, sdH];
};

it('H1 a source that keeps the order of its orders delivers none before what is awaited from it', () => {
  expect(arrivalAt(depot('D', {sources: [sequential], receipts: [receipt('O-1', 1, 900)]}))).toEqual([
    900, 0,
  ]);
  expect(arrivalAt(depot('D', {sources: [sequential], receipts: [receipt('O-1', 1, 100)]}))).toEqual([
    240, 48,
  ]);
  // A rescue overtakes, and so do orders of a source that ships each as it is ready.
  expect(arrivalAt(depot('D', {sources: [sequential], receipts: [{...late, kind: 'express'}]}))).toEqual([
    240, 48,
  ]);
  const crossing = source('supplier', 'SUP', {meanH: 240, sdH: 48});
  expect(arrivalAt(depot('D', {sources: [crossing], receipts: [late]}))).toEqual([240, 48]);
});

// In days: 10 ± 2 by itself, 14 ± 3 awaited. The later one by mean alone would say 14 ± 3; Clark (1961) says 14.24 of normal times.
it('H1 an order that may come before or after what is awaited is later than either', () => {
  const [meanH, sdH] = arrivalAt(depot('D', {sources: [sequential], receipts: [late]}));
  expect(meanH / 24).toBeCloseTo(14.2, 2);
  expect(sdH / 24).toBeCloseTo(2.82, 2);
  const twice = {...late, meanH: 240, sdH: 48};
  const [equalH] = arrivalAt(depot('D', {sources: [sequential], receipts: [twice]}));
  expect(equalH / 24).toBeCloseTo(10.97, 2);
  const [thriceH] = arrivalAt(depot('D', {sources: [sequential], receipts: [twice, {...twice, orderId: 'O-2'}]})); // prettier-ignore
  expect(thriceH).toBeGreaterThan(equalH);
});

it('D1 more is held for a source that stands behind a late order', () => {
  const target = (supplier: typeof sequential): number => {
    const place = depot('D', {receipts: [late], backgroundPerYear: 120, onHand: 1, sources: [supplier]});
    const [reason] = decide(inSequence(situation([place]))).reasons;
    return (reason as {target: number}).target;
  };
  expect(target(sequential)).toBeGreaterThan(target(source('supplier', 'SUP', {meanH: 240, sdH: 48})));
});
