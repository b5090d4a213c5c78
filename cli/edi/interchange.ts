import {createRequire} from 'node:module';
import {InvalidArgumentError} from 'commander';
import type * as NodeX12 from 'node-x12';
import {messageOf} from '../../domain/fault.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';

/** The package is a CommonJS bundle whose names an import cannot see. */
const {X12Interchange: Envelope, X12Parser} = createRequire(import.meta.url)('node-x12') as typeof NodeX12;

/** One line of X12. Example: BEG*00*NE*PO-1 → tag 'BEG', elements ['00', 'NE', 'PO-1']. */
export interface Segment {
  readonly tag: string;
  readonly elements: readonly string[];
}

/** One business document, without its ST and SE. */
export interface TransactionSet {
  /** '850', '855', … */
  readonly id: string;
  readonly control: string;
  readonly segments: readonly Segment[];
  /** Where ST stands in the interchange: 1 is ISA. */
  readonly at: number;
}

/** Documents of one kind under one GS. */
export interface FunctionalGroup {
  /** 'PO' for 850, 'PR' for 855, … */
  readonly code: string;
  readonly control: string;
  readonly version: string;
  readonly sets: readonly TransactionSet[];
}

/** Who talks to whom: ISA05 and ISA06. Example: {qualifier: 'ZZ', id: 'FORESTOCK'}. */
export interface TradingPartner {
  readonly qualifier: string;
  readonly id: string;
}

export interface Interchange {
  readonly sender: TradingPartner;
  readonly receiver: TradingPartner;
  readonly control: string;
  /** Whether ISA15 says T: nothing of it is meant. */
  readonly isTest: boolean;
  readonly groups: readonly FunctionalGroup[];
}

/** Of a file; more are split by whoever makes it. */
const CHARACTERS_MAX = 20_000_000;
const VERSION = '005010';
const TERMINATOR = '~';
const DELIMITER = '*';

/**
 * Reads the interchange of a file (ASC X12, any delimiters): envelope, counts and control numbers are checked.
 *
 * @returns refused `edi-unreadable` with what is wrong and where, when it is none
 */
export function readInterchange(text: string): Result<Interchange, 'edi-unreadable'> {
  const unreadable = (what: string): Result<never, 'edi-unreadable'> =>
    refused('edi-unreadable', `no X12 interchange: ${what}; ask its sender for a whole file`);
  if (text.length > CHARACTERS_MAX)
    return unreadable(`${text.length} characters, more than ${CHARACTERS_MAX}`);
  try {
    const read = new X12Parser(true).parse(text.trim());
    if (!('functionalGroups' in read))
      return unreadable('it holds several, and one is read at a time; split it');
    if ((read.trailer as unknown) === undefined) return unreadable('it ends before its IEA segment');
    return ok(interchangeOf(read));
  } catch (cause) {
    return unreadable(
      messageOf(cause)
        .replace(/^X12 Standard: /, '')
        .replace(/\.$/, ''),
    );
  }
}

function interchangeOf({header, functionalGroups}: NodeX12.X12Interchange): Interchange {
  const isa = elementsOf(header);
  let at = 1;
  const groups = functionalGroups.map((group): FunctionalGroup => {
    const gs = elementsOf(group.header);
    at += 1;
    const sets = group.transactions.map(({header: st, segments}): TransactionSet => {
      at += 1;
      const set = {
        id: elementsOf(st)[0]!,
        control: elementsOf(st)[1]!,
        segments: segments.map((segment) => ({tag: segment.tag, elements: elementsOf(segment)})),
        at,
      };
      at += segments.length + 1;
      return set;
    });
    at += 1;
    return {code: gs[0]!, control: gs[5]!, version: gs[7]!, sets};
  });
  return {
    sender: {qualifier: isa[4]!, id: isa[5]!},
    receiver: {qualifier: isa[6]!, id: isa[7]!},
    control: isa[12]!,
    isTest: isa[14] === 'T',
    groups,
  };
}

function elementsOf({elements}: {readonly elements: readonly {readonly value: string}[]}): string[] {
  return elements.map(({value}) => value.trim());
}

/** What `writeInterchange` needs: documents of one kind. */
export interface Sending {
  readonly sender: TradingPartner;
  readonly receiver: TradingPartner;
  /** Up to nine digits; a receiver takes each number of one sender once. */
  readonly control: number;
  readonly isTest: boolean;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly code: string;
  readonly sets: readonly Pick<TransactionSet, 'id' | 'segments'>[];
}

/** The interchange as text, one segment a line (X12 005010). */
export function writeInterchange({sender, receiver, control, isTest, at, code, sets}: Sending): string {
  const [day, time] = [at.slice(0, 10).replaceAll('-', ''), at.slice(11, 16).replace(':', '')];
  const controlText = String(control).padStart(9, '0');
  const envelope = new Envelope(TERMINATOR, DELIMITER);
  // prettier-ignore
  envelope.setHeader([
    '00', '', '00', '', sender.qualifier, sender.id, receiver.qualifier, receiver.id, day.slice(2), time, '^', '00501',
    controlText, '0', isTest ? 'T' : 'P', '>',
  ]);
  const group = envelope.addFunctionalGroup();
  group.setHeader([code, sender.id, receiver.id, day, time, String(control), 'X', VERSION]);
  for (const [index, {id, segments}] of sets.entries()) {
    const set = group.addTransaction();
    set.setHeader([id, String(index + 1).padStart(4, '0')]);
    for (const {tag, elements} of segments) set.addSegment(tag, elements.map(plain));
  }
  return envelope.toString().replaceAll(TERMINATOR, `${TERMINATOR}\n`);
}

/** Without what ends a segment or an element; an id that has one of these cannot be told by X12 as it is. */
function plain(text: string): string {
  return text.replaceAll(/[~*>^\n\r]/g, ' ');
}

/** Example: 'ZZ:FORESTOCK' → {qualifier: 'ZZ', id: 'FORESTOCK'}; 'FORESTOCK' → the same. */
export function tradingPartner(text: string): TradingPartner {
  const [, qualifier = 'ZZ', id] = /^(?:([A-Z0-9]{2}):)?([\x21-\x7d]{2,15})$/.exec(text) ?? [];
  if (id === undefined)
    throw new InvalidArgumentError(
      `${JSON.stringify(text)} is no X12 sender or receiver; write 2 to 15 characters, or ZZ:NAME with its qualifier`,
    );
  return {qualifier, id};
}
