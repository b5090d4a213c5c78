import {expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {TrainingMachine} from '../../../predict/training/dataset.ts';
import {refuseHistories} from '../../../predict/training/refuse-histories.ts';

const target = {
  equipmentClassId: 'pump',
  signals: [{name: 'pressure', label: 'pressure', unit: 'bar', normalLow: 4, normalHigh: 6}],
};

function machine(change: Partial<TrainingMachine> = {}, pressure = 5): TrainingMachine {
  const hours = Float64Array.from({length: 100}, (_, i) => i * HOUR_MS);
  const mean = new Float32Array(100).fill(pressure);
  return {
    equipmentId: 'P-1',
    classId: 'pump',
    modelId: 'P',
    attributes: {},
    hours,
    signals: {pressure: {mean, sd: mean, min: mean, max: mean, n: new Float32Array(100).fill(1)}},
    events: [],
    lives: [
      {
        positionId: 'seal',
        componentClassId: 'seal',
        componentId: 'P-1.seal',
        installedAt: epochMs(0),
        endedAt: epochMs(50 * HOUR_MS),
        end: 'failure',
      },
    ],
    ...change,
  };
}

const refuse =
  (machines: readonly TrainingMachine[], issuedAfterH = 0) =>
  () =>
    refuseHistories({target, machines, issuedAfterH});
const ten = (change?: Partial<TrainingMachine>, pressure?: number): TrainingMachine[] =>
  Array.from({length: 10}, () => machine(change, pressure));

it('B1 sound histories are taken', () => {
  expect(refuse(ten())).not.toThrow();
});

it('B1 too few machines or failures are refused with how many it takes', () => {
  expect(refuse(ten().slice(1))).toThrow(/9 machines.*needs 10/);
  const alive = machine().lives.map((life) => ({...life, end: 'planned' as const}));
  expect(refuse([...ten().slice(1), machine({lives: alive})])).toThrow(/9 failures.*takes 10/);
});

it('B1 readings that were known only after the forecast are refused as a leak', () => {
  expect(refuse(ten({knownAfterH: 1}))).toThrow(/known 1 h after their stamp.*would read the future/);
  expect(refuse(ten({knownAfterH: 1}), 1)).not.toThrow();
  const hours = Float64Array.from({length: 100}, (_, i) => (i === 7 ? 3 : i) * HOUR_MS);
  expect(refuse(ten({hours}))).toThrow(/1970-01-01T03:00:00.000Z stands after a later one/);
  const lives = machine().lives.map((life) => ({...life, endedAt: epochMs(-HOUR_MS)}));
  expect(refuse(ten({lives}))).toThrow(/P-1.seal ended .* before it was installed/);
});

it('B1 a signal in another unit is named with what is normal', () => {
  expect(refuse(ten({}, 500))).toThrow(/pressure lie beyond 500.*normal is 4–6 bar/);
  expect(refuse(ten({signals: {}}))).toThrow(/no machine sends pressure/);
});
