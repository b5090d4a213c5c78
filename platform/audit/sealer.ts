import type {KeyObject} from 'node:crypto';
import {messageOf} from '../../domain/fault.ts';
import {toIso} from '../../domain/time.ts';
import {wallClock} from '../clock.ts';
import type {WallClock} from '../clock.ts';
import type {Logger} from '../log.ts';
import {timestamp} from '../pg.ts';
import type {Pool} from '../pg.ts';
import {appendAnchors, mendAnchorFile, readAnchors} from './anchor-file.ts';
import {signAnchor} from './anchors.ts';
import type {Anchor} from './anchors.ts';
import {readAnchorPage} from './read-trail.ts';

export interface SealerOptions {
  /** Role forestock_platform. */
  readonly pool: Pool;
  /** Asked for when the first anchor is due. */
  readonly key: () => KeyObject;
  /** Where anchors are written beside the database. */
  readonly file: string;
  readonly log: Logger;
  readonly wall?: WallClock;
}

/** Rows sealed in one transaction, which takes some 50 ms. */
const ROWS_MAX = 1000;
/** What a forger may rewrite without an anchor behind it: what was sealed in the last 10 minutes, and at most this many rows. */
const ANCHOR_EVERY_MS = 10 * 60_000;
const ANCHOR_EVERY_ROWS = 1000;
const ANCHORS_MAX = 1000;

/**
 * Seals what has committed, and signs an anchor now and then. It runs in every process that stores: the database lets one
 * transaction at a time seal, and a number twice is refused by its key, so the chain never forks.
 */
export class Sealer {
  readonly #options: Required<SealerOptions>;
  /** The last anchor that is in the file; null before the first look. */
  #exported: number | null = null;
  #key: KeyObject | undefined;

  constructor(options: SealerOptions) {
    this.#options = {wall: wallClock, ...options};
  }

  /** @returns how many rows it sealed. */
  async runOnce(): Promise<number> {
    const {pool} = this.#options;
    const {rows} = await pool.query<{sealed: number}>('SELECT platform.seal_audit($1) AS sealed', [ROWS_MAX]);
    await this.#anchor(ANCHOR_EVERY_ROWS, ANCHOR_EVERY_MS);
    await this.#export();
    return rows[0]!.sealed;
  }

  /** Before the process leaves: seals the rest and anchors it, whatever its age. What fails waits for the next start. */
  async finish(): Promise<void> {
    try {
      while ((await this.runOnce()) === ROWS_MAX);
      await this.#anchor(1, 0);
      await this.#export();
    } catch (error) {
      this.#options.log.warn(
        {reason: messageOf(error)},
        'audit entries wait for the next start to be sealed',
      );
    }
  }

  async #anchor(everyRows: number, everyMs: number): Promise<void> {
    const {pool, key, wall, log} = this.#options;
    const {rows} = await pool.query<{sealNo: number; seal: string; anchored: number; anchoredWall: number}>(
      `SELECT s.seal_no AS "sealNo", encode(s.seal, 'hex') AS seal, coalesce(a.seal_no, 0) AS anchored,
              coalesce(a.anchored_wall, '-infinity') AS "anchoredWall"
         FROM (SELECT seal_no, seal FROM platform.audit_seal ORDER BY seal_no DESC LIMIT 1) s
         LEFT JOIN (SELECT seal_no, anchored_wall FROM platform.audit_anchor ORDER BY seal_no DESC LIMIT 1) a ON true`,
    );
    const [head] = rows;
    const now = wall.now();
    if (head === undefined || head.sealNo <= head.anchored) return;
    if (head.sealNo - head.anchored < everyRows && now - head.anchoredWall < everyMs) return;
    this.#key ??= key();
    const anchor = signAnchor(head, toIso(now), this.#key);
    await pool.query(
      `INSERT INTO platform.audit_anchor (seal_no, seal, anchored_wall, key_id, signature)
       VALUES ($1, decode($2, 'hex'), $3, $4, decode($5, 'base64')) ON CONFLICT (seal_no) DO NOTHING`,
      [anchor.sealNo, anchor.seal, timestamp(now), anchor.keyId, anchor.signature],
    );
    log.info(anchor, 'audit anchored'); // a log that is collected elsewhere is one more witness
  }

  async #export(): Promise<void> {
    const {pool, file} = this.#options;
    this.#exported ??= await this.#openFile();
    for (;;) {
      const anchors = await readAnchorPage(pool, this.#exported, ANCHORS_MAX);
      if (anchors.length === 0) return;
      await appendAnchors(file, anchors);
      this.#exported = anchors.at(-1)!.sealNo;
    }
  }

  /** Goes on after the last anchor of the file; one that the database contradicts is a matter for people. */
  async #openFile(): Promise<number> {
    const {pool, file, log} = this.#options;
    mendAnchorFile(file);
    const last: Anchor | undefined = readAnchors(file).at(-1);
    if (last === undefined) return 0;
    const {rows} = await pool.query<{head: number; agrees: boolean}>(
      `SELECT coalesce(max(seal_no), 0) AS head, coalesce(bool_or(seal_no = $1 AND seal = decode($2, 'hex')), false) AS agrees
         FROM platform.audit_seal WHERE seal_no = $1 OR seal_no = (SELECT max(seal_no) FROM platform.audit_seal)`,
      [last.sealNo, last.seal],
    );
    const {head, agrees} = rows[0]!;
    if (agrees) return last.sealNo;
    log.error(
      {file, sealNo: last.sealNo, anchoredAt: last.anchoredAt, head},
      'the audit trail is not the one that was anchored: run forestock audit verify',
    );
    return head;
  }
}
