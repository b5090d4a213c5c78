import {writeFileSync} from 'node:fs';
import {OperationalFault, messageOf} from '../../domain/fault.ts';

/** What an evaluation leaves in a file that its options name. @throws OperationalFault 'evaluation-output' */
export function writeResult(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (cause) {
    const message = `${file}: ${messageOf(cause)}; name a file in a folder that can be written to`;
    throw new OperationalFault('evaluation-output', message, {retryable: false, cause});
  }
}
