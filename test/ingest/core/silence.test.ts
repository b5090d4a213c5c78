import {describe, expect, it} from 'vitest';
import {epochMs, MINUTE_MS} from '../../../domain/time.ts';
import {watchSilence} from '../../../ingest/core/silence.ts';
import type {SilenceView, WatchedEquipment} from '../../../ingest/core/silence.ts';

const TEN = epochMs(1_767_607_200_000);

function machine(over: Partial<WatchedEquipment> = {}): WatchedEquipment {
  return {
    equipmentId: 'CH-1',
    partyId: 'p',
    siteId: 'AMS',
    expectedIntervalS: 60,
    lastReceivedAt: TEN,
    silentSince: null,
    alerted: false,
    dead: false,
    wasDead: false,
    ...over,
  };
}

function view(over: Partial<SilenceView>): SilenceView {
  const base = {
    now: TEN,
    doorUp: true,
    listeningSince: epochMs(0),
    watched: [],
    expectedCount: 100,
    silentCount: 0,
    outageOpen: false,
  };
  return {...base, ...over};
}

const at = (minutes: number): typeof TEN => epochMs(TEN + minutes * MINUTE_MS);

describe('silence', () => {
  it('A2 equipment is silent after six of its intervals, not before', () => {
    const before = watchSilence(view({now: epochMs(at(6) - 1), watched: [machine()]}));
    expect(before.raise).toEqual([]);
    expect(before.timers).toEqual([
      {equipmentId: 'CH-1', dueAt: at(6), silentSince: null, alerted: false, dead: false},
    ]);
    const then = watchSilence(view({now: at(6), watched: [machine()]}));
    expect(then.raise).toMatchObject([{equipmentId: 'CH-1', silentSince: TEN}]);
    expect(then.timers).toEqual([
      {equipmentId: 'CH-1', dueAt: at(12), silentSince: TEN, alerted: true, dead: false},
    ]);
  });

  it('A2 silence yields one alert, however often it is looked at', () => {
    const verdict = watchSilence(
      view({now: at(60), watched: [machine({silentSince: TEN, alerted: true})], silentCount: 1}),
    );
    expect(verdict).toMatchObject({raise: [], clear: [], silentCount: 1});
  });

  it('a word after the silence clears the alert', () => {
    const watched = [machine({silentSince: TEN, alerted: true, lastReceivedAt: at(30)})];
    const verdict = watchSilence(view({now: at(31), watched, silentCount: 1}));
    expect(verdict).toMatchObject({clear: ['CH-1'], silentCount: 0});
    expect(verdict.timers).toEqual([
      {equipmentId: 'CH-1', dueAt: at(36), silentSince: null, alerted: false, dead: false},
    ]);
  });

  it('A2 who is reported dead is silent at once, with one alert, until it is reported alive', () => {
    const died = watchSilence(view({now: at(1), watched: [machine({dead: true})]}));
    expect(died).toMatchObject({raise: [{equipmentId: 'CH-1', silentSince: TEN}], silentCount: 1});
    expect(died.timers).toEqual([
      {equipmentId: 'CH-1', dueAt: at(7), silentSince: TEN, alerted: true, dead: true},
    ]);
    const known = {silentSince: TEN, alerted: true, wasDead: true};
    const still = watchSilence(
      view({now: at(9), watched: [machine({...known, dead: true, lastReceivedAt: at(1)})], silentCount: 1}),
    );
    expect(still).toMatchObject({raise: [], clear: [], silentCount: 1}); // what it said last was stored late
    const born = watchSilence(view({now: at(10), watched: [machine(known)], silentCount: 1}));
    expect(born).toMatchObject({raise: [], clear: ['CH-1'], silentCount: 0});
    expect(born.timers).toEqual([
      {equipmentId: 'CH-1', dueAt: at(16), silentSince: null, alerted: false, dead: false},
    ]);
  });

  it('nobody is silent for the time in which we did not listen', () => {
    const verdict = watchSilence(view({now: at(1000), listeningSince: at(999), watched: [machine()]}));
    expect(verdict.raise).toEqual([]);
    expect(verdict.timers[0]!.dueAt).toBe(at(1005));
  });

  it('half of the equipment silent is one outage and no alert of their own', () => {
    const watched = ['A', 'B', 'C'].map((equipmentId) => machine({equipmentId}));
    const outage = watchSilence(view({now: at(7), watched, expectedCount: 6}));
    expect(outage).toMatchObject({outage: true, raise: [], silentCount: 3});
    expect(outage.timers.every(({alerted}) => !alerted)).toBe(true);
    const few = watchSilence(view({now: at(7), watched, expectedCount: 4}));
    expect(few).toMatchObject({outage: false});
    expect(few.raise).toHaveLength(3);
  });

  it('a door that is down is an outage whoever is silent', () => {
    expect(watchSilence(view({now: at(7), doorUp: false, watched: [machine()]}))).toMatchObject({
      outage: true,
      raise: [],
    });
  });

  it('an outage ends when fewer than a quarter are silent, and the last silent ones get their own alerts', () => {
    const still = watchSilence(view({now: at(9), expectedCount: 8, silentCount: 2, outageOpen: true}));
    expect(still.outage).toBe(true);
    const watched = [
      machine({silentSince: TEN}),
      machine({equipmentId: 'CH-2', silentSince: TEN, lastReceivedAt: at(8)}),
    ];
    const over = watchSilence(
      view({now: at(9), watched, expectedCount: 8, silentCount: 2, outageOpen: true}),
    );
    expect(over).toMatchObject({outage: false, silentCount: 1});
    expect(over.raise.map(({equipmentId}) => equipmentId)).toEqual(['CH-1']);
  });
});
