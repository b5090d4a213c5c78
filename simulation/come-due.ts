/** As platform/come-due.ts has it, for rows in memory. */
export function hasCome(atMs: number, nowMs: number, aheadMaxMs: number): boolean {
  return atMs <= nowMs || atMs > nowMs + aheadMaxMs;
}
