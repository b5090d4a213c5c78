export interface Lease {
  readonly partitionNo: number;
  readonly owner: string;
  readonly epoch: number;
  readonly expired: boolean;
}

export interface Share {
  /** Held before and still. */
  readonly kept: readonly number[];
  /** Free, and ours from now on. */
  readonly taken: readonly number[];
  /** Beyond the fair share: for a process that has less. */
  readonly released: readonly number[];
}

/**
 * The part of the partitions that one of several processes should hold: at most ⌈partitions / members⌉, and never one that
 * another process holds.
 *
 * Example: 16 partitions, three members, ours are 0..7 → 0..5 kept, 6 and 7 released.
 */
export function shareOut({
  leases,
  owner,
  members,
  partitions,
}: {
  readonly leases: readonly Lease[];
  readonly owner: string;
  readonly members: number;
  readonly partitions: number;
}): Share {
  const fair = Math.ceil(partitions / Math.max(1, members));
  const byNo = new Map(leases.map((lease) => [lease.partitionNo, lease]));
  const all = Array.from({length: partitions}, (_, no) => no);
  const mine = all.filter((no) => byNo.get(no)?.owner === owner && byNo.get(no)?.expired === false);
  const free = all.filter((no) => byNo.get(no)?.expired ?? true);
  const kept = mine.slice(0, fair);
  return {kept, taken: free.slice(0, fair - kept.length), released: mine.slice(fair)};
}
