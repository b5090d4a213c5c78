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
  expect(arrivalAt(depot('D', {sources: [sequential], receipts: [late]}))).toEqual([336, 72]);
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

it('D1 more is held for a source that stands behind a late order', () => {
  const target = (supplier: typeof sequential): number => {
    const place = depot('D', {receipts: [late], backgroundPerYear: 120, onHand: 1, sources: [supplier]});
    const [reason] = decide(inSequence(situation([place]))).reasons;
    return (reason as {target: number}).target;
  };
  expect(target(sequential)).toBeGreaterThan(target(source('supplier', 'SUP', {meanH: 240, sdH: 48})));
});
