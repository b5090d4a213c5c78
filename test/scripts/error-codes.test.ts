import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {readErrorCodes} from '../../scripts/error-codes.ts';
import {errorReference} from '../../scripts/reference-docs.ts';

it('the error reference has every fault, refusal and table of the product, with its message', () => {
  const root = mkdtempSync(join(tmpdir(), 'forestock-errors-'));
  try {
    mkdirSync(join(root, 'ingest'));
    writeFileSync(
      join(root, 'ingest/door.ts'),
      `throw new OperationalFault('door-shut', \`port \${port} of \${site.name} \` + 'is shut', {retryable: true});
       return refused('too-late', \`\${x()} is late\`);
       export const REASONS = {'not-json': {meaning: 'No JSON.', next: 'Send JSON.'}} as const satisfies T;`,
    );
    const page = errorReference(readErrorCodes(root));
    expect(page).toContain('| `door-shut` | port {port} of {name} is shut | yes | `ingest/door.ts` |');
    expect(page).toContain('| `too-late` | … is late | `ingest/door.ts` |');
    expect(page).toContain('## Reasons');
    expect(page).toContain('| `not-json` | No JSON. | Send JSON. |');
  } finally {
    rmSync(root, {recursive: true});
  }
});
