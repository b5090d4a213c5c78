/**
 * The partition of an equipment: FNV-1a (32 bit) of its id's UTF-16 units, modulo the installation's partition count.
 * Chosen once per equipment and stored, so the function may never change its answers.
 *
 * Example: 'CH-0001' of 16 → partitionOf('CH-0001', 16).
 */
export function partitionOf(equipmentId: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < equipmentId.length; i += 1) {
    hash ^= equipmentId.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0) % partitions;
}
