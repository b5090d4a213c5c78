import type {PositionFact} from './core/position-timeline.ts';
import type {PositionRef} from './core/position-change.ts';
import type {EquipmentEventRow, NetworkBooks, NetworkPorts} from './ports.ts';
import {settlePositions, signalGroups} from './settle.ts';

/** Events of one batch. A batch is one transaction in which no other writer works, so it stays short. */
const EVENTS_MAX = 500;

export interface Followed {
  /** Rows of the log passed, readings included; 0: everything is followed. */
  readonly rows: number;
  /** Another batch may wait. */
  readonly more: boolean;
}

/** Keeps the installed base in step with what the equipment says. `runOnce` follows one bounded batch of committed rows. */
export function createFollower(ports: NetworkPorts): {runOnce(): Promise<Followed>} {
  return {
    async runOnce() {
      const passed = await ports.passReadings();
      if (!passed.eventsWait) return {rows: passed.rows, more: false};
      const followed = await ports.transaction(async (books) => {
        const batch = await books.takeEvents({eventsMax: EVENTS_MAX});
        if (batch.events.length > 0) await follow(ports, books, batch.events);
        if (batch.rows > 0) await books.advance(batch.checkpoints);
        return batch;
      });
      return {rows: passed.rows + followed.rows, more: followed.more};
    },
  };
}

async function follow(
  ports: NetworkPorts,
  books: NetworkBooks,
  events: readonly EquipmentEventRow[],
): Promise<void> {
  const told = events.filter(
    ({type}) => type === 'failure' || type === 'part-replaced' || type === 'maintenance',
  );
  await books.hearEquipment(told, ports.worldClock.now());
  const facts = await factsOf(ports, books, told);
  const touched = await books.recordFacts(facts);
  const causeByPart = await settlePositions(ports, books, touched);
  await signalGroups(ports, books, causeByPart, 'event', ports.worldClock.now());
}

/** An event that names no position means the only one there is; with several it cannot be told, and someone must say. */
async function factsOf(
  ports: NetworkPorts,
  books: NetworkBooks,
  events: readonly EquipmentEventRow[],
): Promise<(PositionRef & PositionFact)[]> {
  const unnamed = events.filter(({positionId, type}) => positionId === null && type !== 'maintenance');
  const positions = await books.positionsOf([...new Set(unnamed.map(({equipmentNo}) => equipmentNo))]);
  const facts: (PositionRef & PositionFact)[] = [];
  const unclear: EquipmentEventRow[] = [];
  for (const event of events) {
    const {equipmentNo, observedAt: at, messageKey: key, serial} = event;
    const known = positions.get(equipmentNo) ?? [];
    const positionId = event.positionId ?? (known.length === 1 ? known[0]! : null);
    if (positionId !== null) {
      const type = event.type as 'failure' | 'part-replaced' | 'maintenance';
      facts.push({equipmentNo, positionId, key, at, type, serial, partId: null, cause: null});
    } else if (event.type !== 'maintenance') {
      unclear.push(event); // a maintenance without component replaced nothing
    }
  }
  await books.quarantine(
    unclear.map((event) => ({
      quarantineId: ports.causeId('quarantine', 'position-missing', event.messageKey),
      kind: 'event',
      body: event,
      reason: 'position-missing',
      detail: `event ${event.type} names no component and the equipment has several positions; resubmit it with positionId`,
      receivedAt: event.receivedAt,
    })),
  );
  return facts;
}
