import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {checkBoundaries} from '../../scripts/boundaries.ts';

const FORBIDDEN: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['core-of-network', 'network/core/stock.ts', 'platform/clock.ts'],
  ['core-of-replenish', 'replenish/core/decide.ts', 'predict/core/curve.ts'],
  ['core-of-replenish', 'replenish/core/charges.ts', 'partners/core/contract.ts'],
  ['domain-is-the-bottom', 'domain/part.ts', 'platform/ids.ts'],
  ['stages-keep-their-insides', 'predict/adapters/rows.ts', 'ingest/adapters/rows.ts'],
  ['stages-keep-their-insides', 'replenish/service.ts', 'network/adapters/rows.ts'],
  ['stages-keep-their-insides', 'replenish/adapters/rows.ts', 'network/core/stock.ts'],
  ['ports-are-interfaces', 'network/stock-ports.ts', 'platform/clock.ts'],
  ['only-main-knows-everybody', 'ingest/service.ts', 'ingest/main.ts'],
  ['stage-reaches-the-world-through-ports', 'ingest/service.ts', 'ingest/adapters/rows.ts'],
  ['platform-knows-no-stage', 'platform/outbox.ts', 'replenish/api.ts'],
  ['console-uses-the-api', 'console/api/parts.ts', 'network/core/part.ts'],
  ['simulator-is-equipment', 'simulator/fleet.ts', 'ingest/core/topic.ts'],
  ['nobody-leans-on-the-simulator', 'predict/main.ts', 'simulator/fleet.ts'],
  ['cli-is-thin', 'cli/train.ts', 'predict/core/curve.ts'],
  ['product-without-its-scaffolding', 'cli/demo.ts', 'test/support/clock.ts'],
  ['core-of-network', 'network/core/types.ts', 'network/adapters/rows.ts'],
];

describe('the import boundaries', () => {
  const planted = temporaryTree();
  const clean = temporaryTree();
  let found: string;
  beforeAll(() => {
    // One tree with every violation: the tool takes seconds to start.
    const importsOf = new Map<string, string[]>(
      FORBIDDEN.flatMap(([, from, to]) => [
        [from, []],
        [to, []],
      ]),
    );
    for (const [, from, to] of FORBIDDEN) importsOf.get(from)!.push(to);
    for (const [path, targets] of importsOf) {
      const up = '../'.repeat(path.split('/').length - 1);
      // A type is a dependency too.
      plant(
        planted,
        path,
        targets.map((to) => `import type {X} from '${up}${to}';\nexport type Y = X;\n`).join('') +
          'export type X = 1;\n',
      );
    }
    plant(planted, 'partners/core/reads.ts', `import 'node:fs';\nimport './gone.ts';\n`);
    plant(planted, 'partners/adapters/a.ts', `import './b.ts';\n`);
    plant(planted, 'partners/adapters/b.ts', `import './a.ts';\n`);
    found = checkBoundaries(planted).violations.join('\n');
  });

  it.each(FORBIDDEN)('%s finds %s importing %s', (rule, from, to) => {
    expect(found).toContain(`${rule}: ${from} → ${to}`);
  });

  it('finds a Node module in the core, a circle and a dead end', () => {
    expect(found).toMatch(/core-of-partners: partners\/core\/reads\.ts → (node:)?fs/);
    expect(found).toContain('no-circle: partners/adapters/');
    expect(found).toContain('resolvable: partners/core/reads.ts → ./gone.ts');
  });

  it('lets the permitted imports through, and looks at every file', () => {
    const chain = [
      ['domain/ids.ts', null],
      ['network/core/part.ts', '../../domain/ids.ts'],
      ['replenish/core/decide.ts', '../../network/core/part.ts'],
      ['replenish/adapters/rows.ts', '../core/decide.ts'],
      ['replenish/main.ts', './adapters/rows.ts'],
      ['cli/start.ts', '../replenish/main.ts'],
      ['test/anything.ts', '../cli/start.ts'],
    ] as const;
    for (const [path, from] of chain)
      plant(clean, path, from === null ? 'export const id = 1;\n' : `export {id} from '${from}';\n`);
    expect(checkBoundaries(clean)).toEqual({filesCruised: 7, filesMissed: [], violations: []});
  });
});

function temporaryTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'forestock-boundaries-'));
  writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  afterAll(() => rmSync(root, {recursive: true}));
  return root;
}

function plant(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), {recursive: true});
  writeFileSync(join(root, path), text);
}
