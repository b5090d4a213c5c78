import type {ErrorBody} from '../../console/api/wire.ts';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Api} from '../api-client.ts';
import {requestOf} from './catalogue.ts';
import type {OperationLine} from './operation-file.ts';
import {isRepeated, outcomeText} from './outcome-text.ts';

/** What became of one line. */
export interface LineOutcome {
  readonly line: number;
  readonly operation: string;
  readonly sourceKey: string;
  readonly outcome: 'booked' | 'repeated' | 'refused';
  /** Code of the refusal; docs/errors.md explains each. */
  readonly error: string | null;
  readonly detail: string;
}

/**
 * Sends operations one after the other, in the order of the file: an issue may need the receipt above it. What the books refuse
 * is an outcome; the others go on.
 *
 * @throws OperationalFault when the way to the books breaks, naming the line where it did
 */
export async function sendOperations(
  api: Pick<Api, 'offer'>,
  lines: readonly OperationLine[],
): Promise<readonly LineOutcome[]> {
  const outcomes: LineOutcome[] = [];
  for (const {line, operation, values} of lines) {
    const {path, body, key} = requestOf(operation, values);
    const offered = await api.offer(path, body, key).catch((cause: unknown): never => {
      throw brokenOff(cause, line, lines.length - outcomes.length);
    });
    const about = {line, operation: operation.name, sourceKey: values.sourceKey};
    outcomes.push({...about, ...(offered.ok ? carriedOut(offered.reply) : refused(offered.refusal))});
  }
  return outcomes;
}

type Told = Pick<LineOutcome, 'outcome' | 'error' | 'detail'>;

function carriedOut(reply: unknown): Told {
  return {outcome: isRepeated(reply) ? 'repeated' : 'booked', error: null, detail: outcomeText(reply)};
}

/** A row that was kept in quarantine says so in the details, with the way out. */
function refused({error, message, details}: ErrorBody): Told {
  const kept = details.map(({what, nextStep}) => `${what}: ${nextStep}`);
  return {outcome: 'refused', error, detail: [`${error}: ${message}`, ...kept].join('; ')};
}

function brokenOff(cause: unknown, line: number, open: number): unknown {
  if (!(cause instanceof OperationalFault)) return cause;
  const {code, retryable} = cause;
  const wayOut = 'send the same file again: what is booked is not booked twice';
  return new OperationalFault(code, `line ${line}: ${messageOf(cause)}; open lines: ${open}; ${wayOut}`, {
    retryable,
    cause,
  });
}
