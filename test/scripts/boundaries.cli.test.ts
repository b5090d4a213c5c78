import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {checkBoundaries} from '../../scripts/boundaries.ts';

describe('the import boundaries', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'forestock-boundaries-'));
    writeFileSync(join(root, 'package.json'), '{"type": "module"}');
  });
  afterEach(() => rmSync(root, {recursive: true}));

  function plant(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), {recursive: true});
      writeFileSync(join(root, path), text);
    }
  }

  it.each([
    ['core-of-network', 'network/core/stock.ts', 'platform/clock.ts'],
    ['core-of-replenish', 'replenish/core/decide.ts', 'predict/core/curve.ts'],
    ['domain-is-the-bottom', 'domain/part.ts', 'platform/ids.ts'],
    ['stages-keep-their-insides', 'predict/adapters/rows.ts', 'ingest/adapters/rows.ts'],
    ['stages-keep-their-insides', 'replenish/service.ts', 'network/adapters/rows.ts'],
    ['only-main-knows-everybody', 'ingest/service.ts', 'ingest/main.ts'],
    ['stage-reaches-the-world-through-ports', 'ingest/service.ts', 'ingest/adapters/rows.ts'],
    ['platform-knows-no-stage', 'platform/outbox.ts', 'replenish/api.ts'],
    ['console-uses-the-api', 'console/api/parts.ts', 'network/core/part.ts'],
    ['simulator-is-equipment', 'simulator/fleet.ts', 'ingest/core/topic.ts'],
    ['nobody-leans-on-the-simulator', 'predict/main.ts', 'simulator/fleet.ts'],
    ['cli-is-thin', 'cli/train.ts', 'predict/core/curve.ts'],
    ['product-without-its-scaffolding', 'cli/demo.ts', 'test/support/clock.ts'],
  ])('%s finds %s importing %s', (rule, from, to) => {
    const up = '../'.repeat(from.split('/').length - 1);
    plant({[from]: `import {x} from '${up}${to}';\nexport const y = x;\n`, [to]: 'export const x = 1;\n'});
    expect(checkBoundaries(root).violations.join('\n')).toContain(`${rule}: ${from} → ${to}`);
  });

  it('finds an import that is a type only, a circle, a Node module in the core, and a dead end', () => {
    plant({
      'network/core/a.ts': `import type {B} from './b.ts';\nexport type A = B;\nimport 'node:fs';\nimport './gone.ts';\n`,
      'network/core/b.ts': `import type {Late} from '../adapters/c.ts';\nexport type B = Late;\n`,
      'network/adapters/c.ts': `import './d.ts';\nexport type Late = 1;\n`,
      'network/adapters/d.ts': `import './c.ts';\n`,
    });
    const found = checkBoundaries(root).violations.join('\n');
    expect(found).toContain('core-of-network: network/core/b.ts → network/adapters/c.ts');
    expect(found).toMatch(/core-of-network: network\/core\/a\.ts → (node:)?fs/);
    expect(found).toContain('no-circle: network/adapters/');
    expect(found).toContain('resolvable: network/core/a.ts → ./gone.ts');
  });

  it('lets the permitted imports through, and looks at every file', () => {
    plant({
      'domain/ids.ts': 'export const id = 1;\n',
      'network/core/part.ts': `export {id} from '../../domain/ids.ts';\n`,
      'replenish/core/decide.ts': `export {id} from '../../network/core/part.ts';\n`,
      'replenish/adapters/rows.ts': `export {id} from '../core/decide.ts';\n`,
      'replenish/main.ts': `export {id} from './adapters/rows.ts';\n`,
      'cli/start.ts': `export {id} from '../replenish/main.ts';\n`,
      'test/anything.ts': `export {id} from '../cli/start.ts';\n`,
    });
    expect(checkBoundaries(root)).toEqual({filesCruised: 7, filesMissed: [], violations: []});
  });
});
