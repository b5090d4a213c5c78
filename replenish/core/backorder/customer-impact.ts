/** What a late line means to the customer who waits for it. */
export interface LateLine {
  /** Null: nobody said whose it is. */
  readonly customerPartyId: string | null;
  readonly equipmentId: string | null;
  readonly openQty: number;
  /** Hours past its need with pieces missing. */
  readonly impactH: number;
  /** What its machine costs while it waits: downtime and plain penalty. */
  readonly waitingMinorPerH: number;
  readonly currency: string;
}

/** Sums over late lines of one customer, in one currency. */
export interface CustomerImpact {
  readonly customerPartyId: string | null;
  readonly lines: number;
  readonly pieces: number;
  readonly machines: number;
  /** Of machines, and of lines that name none. */
  readonly waitedH: number;
  readonly downtimeMinor: number;
  readonly currency: string;
}

/**
 * What late lines have cost so far by customer, the dearest first. A machine that waits for two parts stands once: as long as its longest line.
 *
 * Example: a machine at 100.00 an hour waits 5 h for one part and 8 h for another → 8 h, 800.00.
 */
export function impactByCustomer(lines: readonly LateLine[]): CustomerImpact[] {
  const groups = new Map<string, LateLine[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.customerPartyId, line.currency]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()]
    .map(summed)
    .sort(
      (a, b) =>
        b.downtimeMinor - a.downtimeMinor || compare(a.customerPartyId ?? '', b.customerPartyId ?? ''),
    );
}

function summed(lines: readonly LateLine[]): CustomerImpact {
  const {customerPartyId, currency} = lines[0]!;
  const standing = new Map<string, LateLine>();
  lines.forEach((line, i) => {
    const key = line.equipmentId ?? `line ${i}`;
    const longest = standing.get(key);
    if (longest === undefined || line.impactH > longest.impactH) standing.set(key, line);
  });
  const each = [...standing.values()];
  return {
    customerPartyId,
    lines: lines.length,
    pieces: lines.reduce((sum, {openQty}) => sum + openQty, 0),
    machines: new Set(lines.flatMap(({equipmentId}) => equipmentId ?? [])).size,
    waitedH: Math.round(each.reduce((sum, {impactH}) => sum + impactH, 0) * 10) / 10,
    downtimeMinor: Math.round(each.reduce((sum, line) => sum + costOf(line), 0)),
    currency,
  };
}

const costOf = ({impactH, waitingMinorPerH}: LateLine): number => impactH * waitingMinorPerH;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
