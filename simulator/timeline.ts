import {HOUR_MS, epochMs, type EpochMs} from '../domain/time.ts';
import {COMPONENT_CLASSES} from './equipment-classes.ts';
import type {ComponentLife, WarningKind} from './history.ts';
import {streamOf} from './random.ts';

/** One machine as its life needs to know it; read from master data by simulator/machine-spec.ts. */
export interface MachineSpec {
  readonly equipmentId: string;
  readonly siteId: string;
  readonly classId: string;
  readonly modelId: string;
  readonly commissionedAt: EpochMs;
  /** `load_factor` and `ambient_offset_k` drive the simulation. */
  readonly attributes: Readonly<Record<string, number>>;
  /** Degrees east; the local hour of the load pattern is UTC + longitude / 15. */
  readonly longitude: number;
  readonly positions: readonly {readonly positionId: string; readonly componentClassId: string}[];
}

export interface TimelineEvent {
  readonly type: 'failure' | 'stopped' | 'maintenance' | 'part-replaced' | 'started';
  readonly positionId: string;
  readonly serial?: string;
  readonly at: EpochMs;
}

/** What was decided at installation: how long it lives, and how its end shows. Hours. */
interface Fate {
  readonly lifeH: number;
  readonly plannedH: number;
  readonly warning: WarningKind;
  readonly leadH: number;
  /** Damage grows as (share of the lead elapsed)^growth. */
  readonly growth: number;
  readonly severity: number;
  readonly repairH: number;
}

interface Running {
  readonly life: {-readonly [K in keyof ComponentLife]: ComponentLife[K]};
  readonly fate: Fate;
  readonly installedNo: number;
  failsAt: EpochMs;
  plannedAt: EpochMs;
  onsetAt: EpochMs;
  /** Start of the damage curve; unlike onsetAt it moves with every standstill, since a stopped machine does not wear. */
  wearFrom: number;
}

/** How a failed machine comes back: after the hours fated (the past), after a fixed time, or when somebody calls repair. */
export type RepairPolicy = 'as-fated' | 'on-call' | {readonly afterH: number};

/**
 * One machine's components from commissioning on: installed, failed, repaired, replaced in time.
 *
 * The n-th component in a position has the same fate under every policy (its stream is named by machine, position
 * and n), so two stocking policies can be compared on the same failures.
 */
export class Timeline {
  readonly spec: MachineSpec;
  readonly lives: ComponentLife[] = [];
  repairPolicy: RepairPolicy = 'as-fated';
  readonly #seed: number;
  readonly #running: Running[];
  /** The component that fails or is replaced next. */
  #nextIndex: number;
  #down: {readonly index: number; readonly since: EpochMs; repairAt: EpochMs | null; serial?: string} | null =
    null;

  constructor(seed: number, spec: MachineSpec) {
    this.#seed = seed;
    this.spec = spec;
    this.#running = spec.positions.map((_, index) => this.#install(index, 1, spec.commissionedAt));
    this.#nextIndex = this.#findNext();
  }

  get isDown(): boolean {
    return this.#down !== null;
  }

  /** Position of the component that stopped the machine, or null while it runs. */
  get failedPositionId(): string | null {
    return this.#down === null ? null : this.#running[this.#down.index]!.life.positionId;
  }

  /** When the next thing happens, ms; Infinity while the machine waits for somebody to call repair. */
  get nextAt(): number {
    if (this.#down) return this.#down.repairAt ?? Infinity;
    const next = this.#running[this.#nextIndex]!;
    return Math.min(next.failsAt, next.plannedAt);
  }

  /** Everything that happens up to and including `to`, oldest first. */
  advance(to: EpochMs): TimelineEvent[] {
    const events: TimelineEvent[] = [];
    while (this.nextAt <= to) {
      const index = this.#nextIndex;
      const {failsAt, plannedAt} = this.#running[index]!;
      if (this.#down) this.#restart(this.#down, epochMs(this.nextAt), events);
      else if (failsAt <= plannedAt) this.#fail(index, events);
      else this.#maintain(index, events);
      this.#nextIndex = this.#findNext();
    }
    return events;
  }

  /**
   * Puts a new component in and starts the machine at `at`. False when this position did not stop it.
   * @param serial  Defaults to the next made-up one.
   */
  repair(positionId: string, at: EpochMs, serial?: string): boolean {
    if (!this.#down || this.failedPositionId !== positionId) return false;
    this.#down.repairAt = epochMs(Math.max(at, this.#down.since));
    if (serial !== undefined) this.#down.serial = serial;
    return true;
  }

  /** Damage 0 (healthy) to 1 (about to fail), times the life's severity, per position in `spec.positions` order. */
  damageInto(out: Float64Array, at: number): void {
    for (let i = 0; i < this.#running.length; i += 1) {
      const {fate, wearFrom, failsAt} = this.#running[i]!;
      const share = at <= wearFrom ? 0 : Math.min(1, (at - wearFrom) / (failsAt - wearFrom));
      out[i] = share === 0 ? 0 : fate.severity * share ** fate.growth;
    }
  }

  #findNext(): number {
    let best = 0;
    let bestAt = Infinity;
    this.#running.forEach((running, index) => {
      const at = Math.min(running.failsAt, running.plannedAt);
      if (at < bestAt) [best, bestAt] = [index, at];
    });
    return best;
  }

  #fail(index: number, events: TimelineEvent[]): void {
    const {life, failsAt: at, onsetAt, fate} = this.#running[index]!;
    Object.assign(life, {endedAt: at, end: 'failure', onsetAt: fate.warning === 'gradual' ? onsetAt : null});
    events.push({type: 'failure', positionId: life.positionId, at});
    events.push({type: 'stopped', positionId: life.positionId, at: epochMs(at + 1000)});
    const policy = this.repairPolicy;
    const repairH = policy === 'on-call' ? null : policy === 'as-fated' ? fate.repairH : policy.afterH;
    this.#down = {index, since: at, repairAt: repairH === null ? null : epochMs(at + repairH * HOUR_MS)};
  }

  #restart(
    down: {index: number; since: EpochMs; serial?: string},
    at: EpochMs,
    events: TimelineEvent[],
  ): void {
    const {life, installedNo} = this.#running[down.index]!;
    this.#running[down.index] = this.#install(down.index, installedNo + 1, at, down.serial);
    const serial = this.#running[down.index]!.life.componentId;
    const standstill = at - down.since;
    this.#running.forEach((other, index) => {
      if (index === down.index) return;
      if (other.onsetAt > down.since) other.onsetAt = epochMs(other.onsetAt + standstill);
      other.failsAt = epochMs(other.failsAt + standstill);
      other.wearFrom += standstill;
      other.plannedAt = epochMs(Math.max(other.plannedAt, at + HOUR_MS));
    });
    this.#down = null;
    events.push({type: 'part-replaced', positionId: life.positionId, serial, at});
    events.push({type: 'started', positionId: life.positionId, at: epochMs(at + 1000)});
  }

  #maintain(index: number, events: TimelineEvent[]): void {
    const {life, plannedAt: at, onsetAt, installedNo, fate} = this.#running[index]!;
    const shown = fate.warning === 'gradual' && onsetAt <= at;
    Object.assign(life, {endedAt: at, end: 'planned', onsetAt: shown ? onsetAt : null});
    this.#running[index] = this.#install(index, installedNo + 1, at);
    const serial = this.#running[index].life.componentId;
    events.push({type: 'maintenance', positionId: life.positionId, at});
    events.push({type: 'part-replaced', positionId: life.positionId, serial, at: epochMs(at + 1000)});
  }

  #install(index: number, installedNo: number, at: EpochMs, serial?: string): Running {
    const {positionId, componentClassId} = this.spec.positions[index]!;
    const fate = fateOf(this.#seed, this.spec, index, installedNo);
    const onsetAt = epochMs(at + (fate.lifeH - fate.leadH) * HOUR_MS);
    const failsAt = epochMs(at + fate.lifeH * HOUR_MS);
    const life: ComponentLife = {
      positionId,
      componentClassId,
      componentId: serial ?? `${this.spec.equipmentId}.${positionId}.${installedNo}`,
      installedAt: at,
      endedAt: null,
      end: 'running',
      warning: fate.warning,
      onsetAt: null,
    };
    this.lives.push(life);
    return {
      life,
      fate,
      installedNo,
      failsAt,
      plannedAt: epochMs(at + Math.min(fate.plannedH, 1e8) * HOUR_MS),
      onsetAt,
      wearFrom: fate.warning === 'gradual' ? onsetAt : failsAt,
    };
  }

  /** Lives up to `at` as a judge sees them: the onset of a running component shows once it is past. */
  livesAt(at: EpochMs): ComponentLife[] {
    return this.lives.map((life) => {
      const running = this.#running.find((candidate) => candidate.life === life);
      const shown = running?.fate.warning === 'gradual' && running.onsetAt <= at && life.end === 'running';
      return shown ? {...life, onsetAt: running.onsetAt} : {...life};
    });
  }
}

/** Wear grows with the 1.5th power of load: between a bearing's life exponent (3) and electronics (about 1). */
export function stressOf(spec: MachineSpec): number {
  return (spec.attributes['load_factor'] ?? 1) ** 1.5;
}

function fateOf(seed: number, spec: MachineSpec, index: number, installedNo: number): Fate {
  const {positionId, componentClassId} = spec.positions[index]!;
  const model = COMPONENT_CLASSES[componentClassId];
  if (!model)
    throw new RangeError(
      `component class ${componentClassId} of ${spec.equipmentId}: not one of the simulator's`,
    );
  const random = streamOf(seed, 'life', spec.equipmentId, positionId, installedNo);
  const lifeH = random.weibull(model.shape, model.scaleH) / stressOf(spec);
  const sudden = random.chance(model.suddenShare);
  return {
    // A component dead within the day is a faulty installation, which the fleet does not model.
    lifeH: Math.max(24, lifeH),
    warning: sudden ? 'sudden' : 'gradual',
    // Median 8 days, 95 % between 2.5 and 26 days, never more than 80 % of the life.
    leadH: Math.min(random.lognormal(8 * 24, 0.6), 0.8 * Math.max(24, lifeH)),
    growth: random.between(1.2, 2.6),
    severity: random.lognormal(1, 0.3),
    plannedH: model.plannedAfterH === null ? Infinity : model.plannedAfterH * random.between(0.9, 1.1),
    repairH: 2 + random.gamma(2, 7), // mean 16 h: travel, part, hands
  };
}
