import {describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import {promisedHours, renewedPromise} from '../../../replenish/core/lead-time/promise.ts';
import type {Incoming, Waiting} from '../../../replenish/core/lead-time/promise.ts';

const line = (demandId: string, quantity = 1) => ({demandId, quantity});
/** Here in 10 h or in 20 h, even odds. */
const evenOdds = (ref: string, quantity = 1): Incoming => ({
  ref,
  quantity,
  arrival: [
    {hours: 10, weight: 0.5},
    {hours: 20, weight: 0.5},
  ],
});
const sure = (ref: string, hours: number, quantity = 1): Incoming => ({
  ref,
  quantity,
  arrival: [{hours, weight: 1}],
});
const waiting = (more: Partial<Waiting>): Waiting => ({
  lines: [line('L-1')],
  onHand: 0,
  incoming: [],
  refill: null,
  ...more,
});

describe('a promised date', () => {
  it('E10 is the first at which enough pieces are here with the confidence asked for', () => {
    const one = waiting({incoming: [evenOdds('O-1')]});
    expect(promisedHours(one, 0.5)).toEqual([{demandId: 'L-1', hours: 10, by: 'O-1'}]);
    expect(promisedHours(one, 0.9)).toEqual([{demandId: 'L-1', hours: 20, by: 'O-1'}]);
    // Either of two orders will do: 1 − ½² by 10 h.
    const two = waiting({incoming: [evenOdds('O-1'), evenOdds('O-2')]});
    expect(promisedHours(two, 0.75)).toMatchObject([{hours: 10}]);
    expect(promisedHours(two, 0.8)).toMatchObject([{hours: 20}]);
    // The second in line needs both.
    expect(promisedHours({...two, lines: [line('L-1'), line('L-2')]}, 0.75)).toMatchObject([
      {hours: 10},
      {hours: 20, by: 'O-2'},
    ]);
  });

  it('E10 counts the shelf, then what is on order, then an order placed now', () => {
    const refill = {ref: 'supplier:SUP', arrival: [{hours: 500, weight: 1}]};
    const lines = [line('L-1'), line('L-2', 2), line('L-3')];
    const found = promisedHours({lines, onHand: 1, incoming: [sure('O-1', 40, 2)], refill}, 0.9);
    expect(found).toEqual([
      {demandId: 'L-1', hours: 0, by: 'shelf'},
      {demandId: 'L-2', hours: 40, by: 'O-1'},
      {demandId: 'L-3', hours: 500, by: 'supplier:SUP'},
    ]);
  });

  it('E10 is not given where nobody can deliver', () => {
    expect(promisedHours(waiting({}), 0.9)).toEqual([]);
  });

  it('E10 stands until supply moves it by a day, or it has passed', () => {
    const now = epochMs(Date.UTC(2026, 0, 5));
    const at = (hours: number) => epochMs(now + hours * HOUR_MS);
    const told = {at: at(240), by: 'O-1'};
    const renewed = (hours: number, standing = told, neededAt = now) =>
      renewedPromise(standing, {demandId: 'L-1', hours, by: 'O-1'}, {neededAt, now});
    expect(renewed(263)).toBeNull();
    expect(renewed(217)).toBeNull();
    expect(renewed(263.5)).toEqual({at: at(264), by: 'O-1'});
    expect(renewed(200)).toEqual({at: at(200), by: 'O-1'});
    expect(renewed(4, {at: at(-1), by: 'O-1'})).toEqual({at: at(4), by: 'O-1'});
    // Nobody is promised a piece before the day it is needed.
    expect(renewedPromise(null, {demandId: 'L-1', hours: 0, by: 'shelf'}, {neededAt: at(30), now})).toEqual({
      at: at(30),
      by: 'shelf',
    });
    // On the shelf it waits for a mechanic, not for supply.
    expect(
      renewedPromise(
        {at: at(-9), by: 'shelf'},
        {demandId: 'L-1', hours: 0, by: 'shelf'},
        {neededAt: now, now},
      ),
    ).toBeNull();
  });
});
