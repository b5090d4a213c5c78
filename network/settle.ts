import {groupBy} from '../domain/group-by.ts';
import type {EpochMs} from '../domain/time.ts';
import {calledOff, withdraw} from './core/demand-line.ts';
import {supersessionChain} from './core/supersession.ts';
import {changePosition, type PositionChange} from './core/position-change.ts';
import {fillWaiting} from './fill.ts';
import type {NetworkBooks, NetworkPorts, TouchedPosition} from './ports.ts';

type Ports = Pick<NetworkPorts, 'causeId' | 'autoIssue' | 'worldClock'>;

/** Positions of one round: bounds the rows in memory during an import of a large fleet. */
const POSITIONS_MAX = 2000;

/**
 * Brings installations and demand lines of positions in line with their facts. Where stock moves by events, a new line is
 * filled from its depot at once or stays open as a backorder. Returns the touched parts, each with what touched it.
 */
export async function settlePositions(
  ports: Ports,
  books: NetworkBooks,
  positions: readonly TouchedPosition[],
): Promise<ReadonlyMap<string, string>> {
  const causeByPart = new Map<string, string>();
  for (let from = 0; from < positions.length; from += POSITIONS_MAX) {
    await settleSome(ports, books, positions.slice(from, from + POSITIONS_MAX), causeByPart);
  }
  return causeByPart;
}

async function settleSome(
  ports: Ports,
  books: NetworkBooks,
  positions: readonly TouchedPosition[],
  causeByPart: Map<string, string>,
): Promise<void> {
  const now = ports.worldClock.now();
  const first = await decideAndSave(ports, books, positions);
  // A serial may have left its old machine by an event of this very round: who could not take it asks once more.
  const again = positions.filter((position) =>
    first.some((change) => sitsAt(change, position) && lacksSerial(change)),
  );
  const second = again.length === 0 ? [] : await decideAndSave(ports, books, again);
  const changes = [...first.filter((change) => !second.some((later) => sitsAt(later, change))), ...second];

  for (const change of [...first, ...second]) {
    const {cause} = positions.find((position) => sitsAt(change, position))!;
    for (const {partId} of [...change.insert, ...change.lines, ...change.withdrawn])
      causeByPart.set(partId, cause);
  }
  await takeOut(
    ports,
    books,
    [...first, ...second].flatMap(({withdrawn}) => withdrawn),
    now,
  );
  await quarantineTroubles(ports, books, changes, now);
  if (ports.autoIssue) await issueFresh(ports, books, first, now);
}

async function decideAndSave(
  ports: Ports,
  books: NetworkBooks,
  positions: readonly TouchedPosition[],
): Promise<PositionChange[]> {
  const situations = await books.loadPositions(positions);
  const changes = situations.map(changePosition);
  await books.savePositions(changes, (sourceKey) => ports.causeId('demand', 'event', sourceKey));
  return changes;
}

type Seat = Pick<TouchedPosition, 'equipmentNo' | 'positionId'>;

function sitsAt(a: Seat, b: Seat): boolean {
  return a.equipmentNo === b.equipmentNo && a.positionId === b.positionId;
}

function lacksSerial({troubles}: PositionChange): boolean {
  return troubles.some(({reason}) => reason === 'serial-unusable');
}

/** New needs meet what their depots have together with every line that waits there already. */
async function issueFresh(
  ports: Ports,
  books: NetworkBooks,
  changes: readonly PositionChange[],
  now: EpochMs,
): Promise<void> {
  const fresh = changes.flatMap(({lines}) => lines.filter(({kind}) => kind === 'insert'));
  for (const [depotId, lines] of groupBy(fresh, (line) => line.depotId)) {
    const parts = [...new Set(lines.map(({partId}) => partId))];
    await fillWaiting(ports, books, [depotId], parts, now);
  }
}

type Withdrawn = PositionChange['withdrawn'][number];

/**
 * The same need was counted twice until a late fact joined the two: pieces that the depot issued by itself for the second go back
 * on the shelf. What a person issued for it is gone, whatever we learn: it stays with the line.
 *
 * Every line is out, and once, before a piece goes to who waits: that could be the next one to be taken out.
 */
async function takeOut(
  ports: Ports,
  books: NetworkBooks,
  withdrawn: readonly Withdrawn[],
  now: EpochMs,
): Promise<void> {
  const freed: Withdrawn[] = [];
  for (const line of new Map(withdrawn.map((one) => [one.demandId, one])).values())
    if ((await takeOutLine(books, line, now)) > 0) freed.push(line);
  if (!ports.autoIssue) return;
  const relations = await books.relations();
  for (const {depotId, partId} of freed) {
    // A successor may have met the need, and is what is back.
    const parts = supersessionChain(partId, relations, now).map((link) => link.partId);
    await fillWaiting(ports, books, [depotId], parts, now);
  }
}

/** @returns the pieces that are back on the shelf. */
async function takeOutLine(books: NetworkBooks, line: Withdrawn, now: EpochMs): Promise<number> {
  const returned = await books.returnLine(line.demandId, now);
  const after = withdraw(line, returned);
  const step = (type: string) => ({
    source: 'withdrawal',
    sourceKey: `${type}:${line.demandId}`,
    worldAt: now,
  });
  if (returned > 0) await books.saveLine(after, {type: 'returned', qty: returned, ...step('return')});
  const rest = {type: 'cancelled', qty: calledOff(after), reason: 'withdrawn', note: null} as const;
  await books.saveLine(after, {...rest, ...step('cancel')});
  return returned;
}

async function quarantineTroubles(
  ports: Ports,
  books: NetworkBooks,
  changes: readonly PositionChange[],
  now: EpochMs,
): Promise<void> {
  await books.quarantine(
    changes.flatMap(({equipmentId, equipmentNo, positionId, troubles}) =>
      troubles.map(({reason, detail, ref}) => ({
        quarantineId: ports.causeId('quarantine', reason, equipmentId, positionId, ref),
        kind: 'position',
        body: {equipmentNo, equipmentId, positionId, ref},
        reason,
        detail,
        receivedAt: now,
      })),
    ),
  );
}

/** Says "look again" to the planning groups of these parts, naming for each what touched it. */
export async function signalGroups(
  ports: Pick<NetworkPorts, 'causeId'>,
  books: NetworkBooks,
  causeByPart: ReadonlyMap<string, string>,
  causeKind: string,
  worldAt: EpochMs,
): Promise<void> {
  if (causeByPart.size === 0) return;
  const groups = await books.groupsOf([...causeByPart.keys()]);
  const causeByGroup = new Map([...causeByPart].map(([partId, cause]) => [groups.get(partId)!, cause]));
  await books.raiseSignals(
    [...causeByGroup].map(([groupId, causeRef]) => ({
      signalId: ports.causeId('signal', causeKind, causeRef, groupId),
      groupId,
      causeKind,
      causeRef,
      worldAt,
    })),
  );
}
