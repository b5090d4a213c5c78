import {join} from 'node:path';
import {check, isClean} from './checker.ts';
import type {Verdict} from './checker.ts';
import {Equipment} from './equipment.ts';
import {SIGNAL} from './fleet.ts';
import {cutsPowerOfBus} from './faults/disk-faults.ts';
import type {Fault} from './faults/fault.ts';
import {readBefore, readFound} from './found.ts';
import {inject} from './inject.ts';
import type {InjectedFault} from './inject.ts';
import {readLedger} from './ledger.ts';
import {settle, stuckIn} from './settle.ts';
import {World} from './world.ts';
import type {WorldOptions} from './world.ts';

export interface ProgrammeOptions extends Omit<WorldOptions, 'machines'> {
  readonly seed: number;
  /** At least so many; the machines go on until the last fault is over. */
  readonly readings: number;
  readonly perSecond: number;
  readonly faults: readonly Fault[];
  /** How many of them are under way at the same time. */
  readonly atOnce: number;
  readonly withinMs: number;
  readonly outageMs: number;
  readonly freezeMs: number;
  /** After the last fault everything must be at rest within this time. */
  readonly healMs: number;
  readonly say: (line: string) => void;
}

export interface Outcome extends Verdict {
  readonly faults: readonly InjectedFault[];
  readonly seed: number;
  readonly strict: boolean;
  /** Sent again from the equipment's outboxes after a break of the line to the broker. */
  readonly resent: number;
  /** What does not come to rest; empty when everything does. */
  readonly stuck: readonly string[];
  /** From the last fault's end to rest. */
  readonly healedMs: number;
  readonly kept: boolean;
  /** Ledger, logs and data; removed when all was kept. */
  readonly folder: string;
}

const MACHINES = 40;
const LINES_PER_DOOR = 4;
/** Before the first fault: the chain works, and its caches are warm. */
const FIRST_READINGS = 200;
/** Between two faults. */
const CALM_MS = 3000;
/** How long equipment keeps what a broker has acknowledged: longer than any fault keeps the broker from handing it on. */
const BROKER_OUTBOX_MS = 60_000;

/** The whole programme: a world, machines that send, one fault after the other, healing, and the reckoning. */
export async function runProgramme(options: ProgrammeOptions): Promise<Outcome> {
  const {say, seed, perSecond, healMs} = options;
  const boot = Math.floor(Date.now() / 1000); // rises from run to run, as a device's does from start to start
  say('starting servers and stages …');
  const world = await World.open({...options, machines: MACHINES});
  const before = await readBefore(world.db);
  const ledgerFile = join(world.folder, 'ledger.txt');
  const equipment = new Equipment({
    doors: [
      {url: world.doors.broker, keepMs: BROKER_OUTBOX_MS},
      {url: world.doors.listener, keepMs: 0},
    ],
    ...{ledgerFile, machines: MACHINES, linesPerDoor: LINES_PER_DOOR, perSecond, boot, seed},
    startAt: Date.now(),
  });
  // Telemetry is acknowledged at the bus' word, and nats-server syncs every two minutes unless told otherwise; events wait for the database.
  let forgetful = false;
  const reckon = async (): Promise<Verdict> =>
    check(
      readLedger(ledgerFile),
      await readFound(world.db, {boot, before, noteFile: world.noteFile}),
      (content) => forgetful && content.startsWith(SIGNAL),
    );
  let kept = false;
  try {
    await equipment.hasSent(FIRST_READINGS);
    const injected = await inject({...options, world, equipment, calmMs: CALM_MS});
    forgetful =
      !options.strict && injected.some(({kind, skipped}) => cutsPowerOfBus(kind) && skipped === undefined);
    await equipment.hasSent(options.readings);
    say('healing: everything is up again, and must come to rest …');
    const healedFrom = performance.now();
    const answered = await equipment.finish(healMs);
    const {sent, acked, resent} = equipment.report;
    const leftMs = Math.max(10_000, healMs - (performance.now() - healedFrom));
    const stuck = [
      ...injected.flatMap(({kind, failed}) => (failed === undefined ? [] : [`${kind}: ${failed}`])),
      ...(answered ? [] : [`equipment: ${sent - acked} of ${sent} messages have no PUBACK`]),
      ...(await settle(
        [() => stuckIn(world.db, world.time.now()), async () => missing(await reckon())],
        leftMs,
      )),
    ];
    const healedMs = Math.round(performance.now() - healedFrom);
    const verdict = await reckon();
    const outcome = {
      faults: injected,
      ...verdict,
      seed,
      strict: options.strict,
      resent,
      stuck,
      healedMs,
      folder: world.folder,
    };
    kept = isClean(verdict) && stuck.length === 0;
    return {...outcome, kept};
  } finally {
    equipment.kill();
    await world.close();
    if (kept) world.remove();
  }
}

/** A killed store's envelopes come again when the bus has waited for their acknowledgement long enough: lost is what never comes. */
function missing({lost}: Verdict): string[] {
  return lost === 0 ? [] : [`store: ${lost} acknowledged messages are neither stored nor refused`];
}
