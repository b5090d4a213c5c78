import {createHash} from 'node:crypto';

/** One entry of the audit trail, as it is sealed. Instants are UTC with microseconds, as the database prints them. */
export interface AuditEntry {
  readonly auditId: number;
  readonly worldAt: string;
  readonly wallAt: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** Of the body's text, in hex. */
  readonly bodySha256: string;
  /** The very text that was hashed; 'null' when it was redacted. */
  readonly body: string;
}

/** A place in the chain. */
export interface Seal {
  /** 1, 2, 3, … without holes. */
  readonly sealNo: number;
  /** 32 bytes in hex. */
  readonly seal: string;
}

/** A seal and what it was given to: the entry, or the hash of a row outside the scope of an export; null when it is gone. */
export interface AuditLine extends Seal {
  readonly entry: AuditEntry | {readonly rowSha256: string} | null;
}

/** Before the first seal. */
export const GENESIS: Seal = {sealNo: 0, seal: '0'.repeat(64)};

/**
 * SHA-256 of the canonical row: a JSON array without blanks, in which the body stands by its hash.
 *
 * Example: [1,"2026-01-05T06:00:00.000000Z","2026-01-05T06:00:01.500000Z","ada","order.placed","O-1","44136f…8a0c8a"]
 */
export function rowSha256(entry: Omit<AuditEntry, 'body'>): string {
  const {auditId, worldAt, wallAt, actor, action, subject, bodySha256} = entry;
  return sha256(JSON.stringify([auditId, worldAt, wallAt, actor, action, subject, bodySha256]));
}

/**
 * The seal that follows another one: it depends on every row before it.
 *
 *   seal(n) = SHA-256(seal(n − 1) ‖ SHA-256(canonical row))
 */
export function sealAfter(before: string, row: string): string {
  return createHash('sha256').update(before, 'hex').update(row, 'hex').digest('hex');
}

/** The hash that a line's seal was made of; null when its entry is gone. */
export function lineSha256({entry}: AuditLine): string | null {
  if (entry === null) return null;
  return 'rowSha256' in entry ? entry.rowSha256 : rowSha256(entry);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
