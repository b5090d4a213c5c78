import type {KeyObject} from 'node:crypto';
import {isSignedBy} from './anchors.ts';
import type {Anchor} from './anchors.ts';
import {lineSha256, sealAfter, sha256} from './chain.ts';
import type {AuditLine, Seal} from './chain.ts';

/** How the trail differs from the one that was sealed. */
export type Tampering =
  /** The entry is not the one that was sealed here. */
  | 'changed'
  /** An entry that was sealed is gone. */
  | 'removed'
  /** An entry stands in the trail that no sealer has put there. */
  | 'inserted'
  /** Another entry of the trail belongs here. */
  | 'reordered'
  /** Rows up to an anchor are gone from the end. */
  | 'cut-off'
  /** The chain fits by itself, and is not the one that an anchor has seen. */
  | 'rewritten'
  /** An anchor whose signature is not by a key we trust. */
  | 'anchor-forged';

export interface FirstBad {
  readonly tampering: Tampering;
  /** Null where the row was never sealed. */
  readonly sealNo: number | null;
  readonly auditId: number | null;
  readonly detail: string;
}

export interface Verdict {
  /** Rows whose seals fit, from the first on. */
  readonly rows: number;
  readonly redacted: number;
  /** Anchors that the chain agrees with; a cut-off tail or a rewritten chain shows up to the last of them. */
  readonly anchors: number;
  readonly through: Seal;
  /** Null: nothing is wrong. */
  readonly firstBad: FirstBad | null;
}

export interface AuditTrail {
  /** What the first line follows: GENESIS, or what retention has left. */
  readonly start: Seal;
  /** In the order of their seal numbers. */
  readonly lines: AsyncIterable<AuditLine> | Iterable<AuditLine>;
  /** Entries that neither have a seal nor wait for one. */
  readonly strays: readonly number[];
  readonly anchors: readonly Anchor[];
  /** Whose signatures count. */
  readonly publicKeys: readonly KeyObject[];
  /** True: the lines are a beginning of the trail, and what its end would tell is left open. */
  readonly part?: boolean;
}

/** Walks the chain from its start and names the first row that is not as it was sealed. One line is held at a time. */
export async function verifyTrail({
  start,
  lines,
  strays,
  anchors,
  publicKeys,
  part = false,
}: AuditTrail): Promise<Verdict> {
  const forged = anchors.find((anchor) => !isSignedBy(anchor, publicKeys));
  if (forged !== undefined) return verdict({at: start}, forgedAnchor(forged));
  const due = [...anchors].sort((a, b) => a.sealNo - b.sealNo).filter(({sealNo}) => sealNo >= start.sealNo);
  const walk = new Walk(start, due);
  const rest = iterator(lines);
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    const bad = walk.step(next.value);
    if (bad !== null) return verdict(walk, await orMoved(bad, walk, next.value, rest));
  }
  return verdict(walk, part ? null : (walk.end() ?? stray(strays)));
}

class Walk {
  /** As far as everything fits. */
  at: Seal;
  rows = 0;
  anchors = 0;
  #before: Seal | null = null;
  readonly #due: Anchor[];
  #lastAnchored: number;
  /** Seals that retention says it has taken the rows up to. */
  readonly #cuts = new Set<number>();
  readonly #start: Seal;
  /** Redacted entry → where it stands; taken away by the entry that says who did it. */
  readonly #redacted = new Map<number, Seal>();
  readonly #allowed = new Set<number>();

  constructor(start: Seal, due: Anchor[]) {
    this.at = start;
    this.#start = start;
    this.#lastAnchored = start.sealNo;
    this.#due = due;
  }

  get redacted(): number {
    return this.#redacted.size;
  }

  /** @returns what is wrong with the line, and goes on behind it when nothing is. */
  step(line: AuditLine): FirstBad | null {
    const early = this.#anchorBad();
    if (early !== null) return early;
    const sealNo = this.at.sealNo + 1;
    const auditId = auditIdOf(line);
    const row = lineSha256(line);
    if (line.sealNo !== sealNo || row === null)
      return {tampering: 'removed', sealNo, auditId: null, detail: `the entry of seal ${sealNo} is gone`};
    if (sealAfter(this.at.seal, row) !== line.seal) {
      if (this.#before !== null && sealAfter(this.#before.seal, row) === line.seal)
        return {
          tampering: 'inserted',
          sealNo: this.at.sealNo,
          auditId: null,
          detail: `seal ${line.sealNo} (${named(auditId)}) follows seal ${this.#before.sealNo}: the entry between them was put there later`,
        };
      return {
        tampering: 'changed',
        sealNo,
        auditId,
        detail: `${named(auditId)} is not what seal ${sealNo} was given to: it was changed, or one before it was taken out`,
      };
    }
    const bad = this.#bodyBad(line);
    if (bad !== null) return bad;
    this.#before = this.at;
    this.at = {sealNo: line.sealNo, seal: line.seal};
    this.rows += 1;
    return null;
  }

  /** What only the end shows: anchors beyond it, rows and bodies that nobody says to have taken out. */
  end(): FirstBad | null {
    return this.#headless() ?? this.#wiped() ?? this.#anchorBad() ?? this.#cutOff();
  }

  /** Retention takes rows up to an anchor and says so in an entry; nobody else may. */
  #headless(): FirstBad | null {
    const {sealNo} = this.#start;
    if (sealNo === 0 || this.#cuts.has(sealNo)) return null;
    return {
      tampering: 'removed',
      sealNo: 1,
      auditId: null,
      detail: `the trail begins behind seal ${sealNo}, and no entry audit.cut says that retention took what was before`,
    };
  }

  #wiped(): FirstBad | null {
    const [first] = [...this.#redacted].filter(([auditId]) => !this.#allowed.has(auditId));
    if (first === undefined) return null;
    const [auditId, {sealNo}] = first;
    return {
      tampering: 'changed',
      sealNo,
      auditId,
      detail: `the body of entry ${auditId} is gone, and no entry audit.redacted says who took it out`,
    };
  }

  #cutOff(): FirstBad | null {
    const [missing] = this.#due;
    if (missing === undefined) return null;
    const sealNo = this.at.sealNo + 1;
    return {
      tampering: 'cut-off',
      sealNo,
      auditId: null,
      detail: `the trail ends at seal ${this.at.sealNo}, and seal ${missing.sealNo} was anchored at ${missing.anchoredAt}: rows from seal ${sealNo} on are gone`,
    };
  }

  #anchorBad(): FirstBad | null {
    for (let [next] = this.#due; next?.sealNo === this.at.sealNo; [next] = this.#due) {
      if (next.seal !== this.at.seal) {
        const from = this.#lastAnchored + 1;
        return {
          tampering: 'rewritten',
          sealNo: from,
          auditId: null,
          detail: `seal ${next.sealNo} is not the one that was anchored at ${next.anchoredAt}: rows from seal ${from} to ${next.sealNo} were written anew`,
        };
      }
      this.#lastAnchored = next.sealNo;
      this.anchors += 1;
      this.#due.shift();
    }
    return null;
  }

  #bodyBad({sealNo, seal, entry}: AuditLine): FirstBad | null {
    if (entry === null || 'rowSha256' in entry) return null;
    const {auditId, action, subject, body, bodySha256} = entry;
    if (action === 'audit.redacted') this.#allowed.add(Number(subject));
    if (action === 'audit.cut') this.#cuts.add(Number(subject));
    if (sha256(body) === bodySha256) return null;
    if (body === 'null') {
      this.#redacted.set(auditId, {sealNo, seal});
      return null;
    }
    return {
      tampering: 'changed',
      sealNo,
      auditId,
      detail: `the body of entry ${auditId} is not the one that was sealed`,
    };
  }
}

/** A line that does not fit may stand in the place of one that follows: then the rows have changed places. */
async function orMoved(
  bad: FirstBad,
  {at}: Walk,
  line: AuditLine,
  rest: AsyncIterator<AuditLine>,
): Promise<FirstBad> {
  if (bad.tampering !== 'changed' || bad.sealNo !== at.sealNo + 1) return bad;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    const row = lineSha256(next.value);
    if (row === null || ![line.seal, next.value.seal].includes(sealAfter(at.seal, row))) continue;
    return {
      tampering: 'reordered',
      sealNo: bad.sealNo,
      auditId: bad.auditId,
      detail: `${named(auditIdOf(next.value))} belongs to seal ${bad.sealNo}, where ${named(bad.auditId)} stands`,
    };
  }
  return bad;
}

function forgedAnchor({sealNo, keyId}: Anchor): FirstBad {
  return {
    tampering: 'anchor-forged',
    sealNo,
    auditId: null,
    detail: `the anchor of seal ${sealNo} is not signed by a key that counts (it names key ${keyId}); give that key's public half if you trust it`,
  };
}

function stray([auditId]: readonly number[]): FirstBad | null {
  if (auditId === undefined) return null;
  return {
    tampering: 'inserted',
    sealNo: null,
    auditId,
    detail: `entry ${auditId} neither has a seal nor waits for one: it did not come through record_audit`,
  };
}

function verdict(
  {at, rows = 0, redacted = 0, anchors = 0}: Pick<Walk, 'at'> & Partial<Walk>,
  firstBad: FirstBad | null,
): Verdict {
  return {rows, redacted, anchors, through: at, firstBad};
}

function auditIdOf({entry}: AuditLine): number | null {
  return entry !== null && 'auditId' in entry ? entry.auditId : null;
}

function named(auditId: number | null): string {
  return auditId === null ? 'the row' : `entry ${auditId}`;
}

function iterator(lines: AuditTrail['lines']): AsyncIterator<AuditLine> {
  if (Symbol.asyncIterator in lines) return lines[Symbol.asyncIterator]();
  return (async function* () {
    yield* lines;
  })();
}
