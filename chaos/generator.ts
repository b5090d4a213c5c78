import {createHash} from 'node:crypto';
import {DAY_MS, epochMs, SECOND_MS, toIso} from '../domain/time.ts';
import {streamOf} from '../simulator/random.ts';
import {clientIdOf, EquipmentLine} from './equipment-line.ts';
import type {Outgoing} from './equipment-line.ts';
import {machineId, POSITION, SIGNAL, SITE} from './fleet.ts';
import {keyOf, keyOfBytes, LedgerFile} from './ledger.ts';
import {strangePayloads} from './strange-payloads.ts';

/** What it is told, as JSON in its first argument. */
export interface GeneratorPlan {
  /** One for each door; machines are dealt out to them in turn. */
  readonly doors: readonly {readonly url: string; readonly keepMs: number}[];
  readonly ledgerFile: string;
  readonly machines: number;
  readonly linesPerDoor: number;
  readonly perSecond: number;
  /** Of all equipment in this run, so that no earlier run's numbers are used again. */
  readonly boot: number;
  readonly startAt: number;
  readonly seed: number;
}

export type GeneratorOrder =
  | {readonly order: 'finish'}
  /** For so long: every message twice; kept back and sent in the wrong order; and, at once, payloads that must be refused. */
  | {readonly order: 'repeat' | 'reverse' | 'strange'; readonly ms: number};

/** Told five times a second. */
export interface GeneratorReport {
  readonly sent: number;
  readonly acked: number;
  readonly resent: number;
  readonly connects: number;
}

const TICK_MS = 20;
const REPORT_MS = 200;
/** One message in so many says that the component was replaced: then the machine's part is looked at again. */
const EVENT_EVERY = 50;
/** Messages without PUBACK at most, over all lines; beyond it the machines wait. */
const WAITING_MAX = 20_000;

interface Placed {
  readonly machine: number;
  readonly message: Outgoing;
}

/** The machines, in a process of their own: an open loop that goes on whatever becomes of the doors. */
class Generator {
  readonly #plan: GeneratorPlan;
  readonly #ledger: LedgerFile;
  readonly #lines: readonly (readonly EquipmentLine[])[];
  readonly #random;
  readonly #seqs: number[];
  readonly #acked = new Set<string>();
  #sent = 0;
  #finishing = false;
  #repeatUntil = 0;
  /** Being collected, to go out in the wrong order; undefined when messages go out as they come. */
  #heldBack: Placed[] | undefined;

  constructor(plan: GeneratorPlan) {
    this.#plan = plan;
    this.#ledger = new LedgerFile(plan.ledgerFile);
    this.#random = streamOf(plan.seed, 'chaos', 'readings');
    this.#seqs = Array.from({length: plan.machines}, () => 0);
    this.#lines = plan.doors.map(({url, keepMs}, door) =>
      Array.from(
        {length: plan.linesPerDoor},
        (_, i) =>
          new EquipmentLine({
            url,
            keepMs,
            clientId: clientIdOf(plan.boot, door, i),
            acked: (key) => {
              this.#ledger.acked(key);
              this.#acked.add(key);
            },
          }),
      ),
    );
  }

  take(order: GeneratorOrder): void {
    switch (order.order) {
      case 'finish':
        this.#finishing = true;
        break;
      case 'repeat':
        this.#repeatUntil = performance.now() + order.ms;
        break;
      case 'reverse':
        this.#heldBack = [];
        setTimeout(() => this.#release(), order.ms);
        break;
      case 'strange':
        this.#sendStrange();
    }
  }

  /** Resolves when told to finish and all has its PUBACK. */
  async run(): Promise<void> {
    const report = setInterval(() => this.#report(), REPORT_MS);
    const startedAt = performance.now();
    while (!this.#finishing || this.#heldBack !== undefined) {
      const due = ((performance.now() - startedAt) / 1000) * this.#plan.perSecond;
      const waiting = this.#sent - this.#acked.size;
      this.#send(Math.min(Math.ceil(due) - this.#sent, WAITING_MAX - waiting));
      await pause(TICK_MS);
    }
    while (this.#acked.size < this.#sent) {
      this.#ledger.write();
      await pause(TICK_MS);
    }
    clearInterval(report);
    this.#ledger.close();
    this.#report();
    for (const line of this.#lines.flat()) line.close();
  }

  #send(count: number): void {
    const messages = Array.from({length: Math.max(0, count)}, () => this.#next());
    this.#ledger.write();
    if (this.#heldBack !== undefined) this.#heldBack.push(...messages);
    else this.#sendNow(messages);
  }

  #sendNow(messages: readonly Placed[]): void {
    const times = performance.now() < this.#repeatUntil ? 2 : 1;
    for (const {machine, message} of messages)
      for (let time = 0; time < times; time += 1) this.#lineOf(machine).send(message);
  }

  #release(): void {
    const messages = this.#heldBack ?? [];
    this.#heldBack = undefined;
    this.#sendNow(messages.reverse());
  }

  /** They have no number, so that no gap stays where they were refused. */
  #sendStrange(): void {
    const messages = Array.from({length: this.#plan.machines}, (_, machine) =>
      strangePayloads(this.#plan.boot, machine).map((payload): Placed => {
        this.#sent += 1;
        const key = keyOfBytes(createHash('sha256').update(payload).digest('hex'));
        this.#ledger.sent(key);
        return {machine, message: {key, topic: `telemetry/v1/${SITE}/${machineId(machine)}`, payload}};
      }),
    ).flat();
    this.#ledger.write();
    this.#sendNow(messages);
  }

  #next(): Placed {
    this.#sent += 1;
    const machine = this.#sent % this.#plan.machines;
    const seq = (this.#seqs[machine]! += 1);
    const {boot, startAt} = this.#plan;
    const equipmentId = machineId(machine);
    const key = keyOf(equipmentId, boot, seq);
    const head = {observedAt: toIso(epochMs(startAt - DAY_MS + seq * SECOND_MS)), boot, seq};
    if (this.#sent % EVENT_EVERY === 0) {
      const partSerial = `${equipmentId}.${boot}.${seq}`;
      this.#ledger.sent(key, `part-replaced=${partSerial}`);
      const body = {...head, type: 'part-replaced', component: POSITION, partSerial};
      return {
        machine,
        message: {key, topic: `event/v1/${SITE}/${equipmentId}`, payload: JSON.stringify(body)},
      };
    }
    const value = this.#random.integer(0, 99_999) / 100;
    this.#ledger.sent(key, `${SIGNAL}=${value}`);
    const body = {...head, values: {[SIGNAL]: value}};
    return {
      machine,
      message: {key, topic: `telemetry/v1/${SITE}/${equipmentId}`, payload: JSON.stringify(body)},
    };
  }

  #lineOf(machine: number): EquipmentLine {
    const lines = this.#lines[machine % this.#lines.length]!;
    return lines[Math.floor(machine / this.#lines.length) % lines.length]!;
  }

  #report(): void {
    this.#ledger.write();
    const lines = this.#lines.flat();
    const report: GeneratorReport = {
      sent: this.#sent,
      acked: this.#acked.size,
      resent: lines.reduce((sum, {resent}) => sum + resent, 0),
      connects: lines.reduce((sum, {connects}) => sum + connects, 0),
    };
    process.send?.(report);
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

const generator = new Generator(JSON.parse(process.argv[2]!) as GeneratorPlan);
process.on('message', (order: GeneratorOrder) => generator.take(order));
await generator.run();
process.disconnect();
