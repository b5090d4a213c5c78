import {expect, vi} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {DAY_MS} from '../../domain/time.ts';
import type {Story} from './chain-world.ts';
import {numbered, OutboxDevice, PATIENT, refusedOften} from './outages.ts';

/** Acknowledged before the outage begins. */
const BEFORE = 20;

/**
 * A device's numbered messages through an outage: none has its PUBACK while it lasts, the engine holds no more than its limit, and
 * all have it in the end.
 *
 * @returns the numbers sent, in order.
 */
export async function sendThrough(
  engine: Engine,
  story: Story,
  {
    during,
    begin,
    end,
  }: {readonly during: number; readonly begin: () => Promise<void>; readonly end: () => Promise<void>},
): Promise<readonly number[]> {
  const message = numbered(story.network['equipment']![0]!, 'vibration_mm_s', story.endsAt - 2 * DAY_MS);
  const device = await OutboxDevice.connect(engine.ingest.mqttPort!);
  const numbers = Array.from({length: BEFORE + during}, (_, i) => i + 1);
  for (const seq of numbers.slice(0, BEFORE)) device.send(...message(seq));
  await vi.waitFor(() => expect(device.acked).toBe(BEFORE), PATIENT);
  await begin();
  for (const seq of numbers.slice(BEFORE)) device.send(...message(seq));
  await refusedOften(engine);
  expect(device.acked).toBe(BEFORE);
  expect(engine.bus.pending()).toBeLessThanOrEqual(4096);
  await end();
  await vi.waitFor(() => expect(device.acked).toBe(numbers.length), PATIENT);
  await device.close();
  return numbers;
}

/** The numbers that are rows, each as often as it is one. */
export async function storedNumbers(engine: Engine): Promise<readonly number[]> {
  const {rows} = await engine.database
    .pool('forestock_ingest')
    .query<{seq: number}>('SELECT seq FROM ingest.reading ORDER BY seq');
  return rows.map(({seq}) => seq);
}
