import {HOUR_MS, epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Network} from '../network/main.ts';
import type {Pool} from '../platform/pg.ts';
import {SupplySide} from './supply-side.ts';
import type {Fleet} from '../simulator/fleet.ts';

export interface SurroundingWorldOptions {
  readonly network: Network;
  readonly pool: Pool;
  readonly fleet: Fleet;
  readonly seed: number;
}

/** A technician is at the machine this long after the part left the depot. */
const REPAIR_H = 4;

/** What the service itself does not do: technicians who put parts in, suppliers and carriers who deliver. */
export class SurroundingWorld {
  readonly #options: SurroundingWorldOptions;
  readonly #supply: SupplySide;

  constructor(options: SurroundingWorldOptions) {
    this.#options = options;
    this.#supply = new SupplySide({ports: options.network.ports, pool: options.pool, seed: options.seed});
  }

  async turn(now: EpochMs): Promise<void> {
    await this.#supply.turn(now);
    await this.#repair(now);
  }

  /** A machine that is down gets going again a few hours after its part was issued. */
  async #repair(now: EpochMs): Promise<void> {
    const {fleet, pool} = this.#options;
    const down = fleet.down();
    if (down.length === 0) return;
    const filled = await pool.query<{equipment_id: string; filled_at: number}>(
      `SELECT e.equipment_id, max(l.filled_at) AS filled_at FROM network.demand_line l JOIN network.equipment e USING (equipment_no)
        WHERE l.state = 'filled' AND l.cause = 'failure' AND e.equipment_id = ANY($1::text[]) GROUP BY 1`,
      [down.map(({equipmentId}) => equipmentId)],
    );
    const filledAt = new Map(filled.rows.map((row) => [row.equipment_id, row.filled_at]));
    for (const {equipmentId, positionId} of down) {
      const at = filledAt.get(equipmentId);
      if (at !== undefined && now >= at + REPAIR_H * HOUR_MS)
        fleet.repair(equipmentId, positionId, epochMs(Math.max(now, fleet.now)));
    }
  }
}
