import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {sourceFiles} from './source-files.ts';
import {testNames} from './test-names.ts';

export type Priority = 'core' | 'should' | 'could';
export type Capability = {readonly id: string; readonly title: string; readonly priority: Priority};
export type CapabilityTest = {
  readonly file: string;
  readonly name: string;
  readonly kind: string;
  readonly skipped: boolean;
};
/** What the tests say about a capability: none, only worked examples on plain functions, or the real path. */
export type Standing = 'empty' | 'unit only' | 'shown';
export type CapabilityRow = Capability & {
  readonly tests: readonly CapabilityTest[];
  readonly kinds: readonly string[];
  readonly standing: Standing;
};
export type LedgerReport = {readonly rows: readonly CapabilityRow[]; readonly mistakes: readonly string[]};

/** One capability a line: `| A1 | title | core | sentence |`. */
const ROW = /^\|\s*([A-O]\d+)\s*\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|$/;
/** A test may show several: `A1 A2 a late reading …`. */
const IDS = /^((?:[A-O]\d+[\s,+]+)+)/;

/** Joins docs/ledger.md with the tests whose names start with a capability's id. */
export function readLedger(root: string): LedgerReport {
  const mistakes: string[] = [];
  const capabilities = parseTable(readFileSync(join(root, 'docs/ledger.md'), 'utf8'), mistakes);
  const testsById = new Map<string, CapabilityTest[]>();
  for (const file of sourceFiles(root).filter((name) => /^test\/.*\.test\.ts$/.test(name))) {
    const kind = kindOf(file);
    for (const {name, skipped} of testNames(root, file)) {
      for (const id of IDS.exec(name)?.[1]?.match(/[A-O]\d+/g) ?? []) {
        testsById.set(id, [...(testsById.get(id) ?? []), {file, name, kind, skipped}]);
      }
    }
  }
  for (const [id, tests] of testsById) {
    if (!capabilities.some((each) => each.id === id)) {
      mistakes.push(
        `${tests[0]!.file}: "${tests[0]!.name}" starts with ${id}, which docs/ledger.md does not list`,
      );
    }
  }
  return {
    rows: capabilities.map((capability) => withTests(capability, testsById.get(capability.id) ?? [])),
    mistakes,
  };
}

/** 'unit' for `x.test.ts`, else the suffix: property, pg, mqtt, nats, sim, cli, browser. */
export function kindOf(file: string): string {
  return /\.([a-z]+)\.test\.ts$/.exec(file)?.[1] ?? 'unit';
}

function withTests(capability: Capability, tests: readonly CapabilityTest[]): CapabilityRow {
  const kinds = [...new Set(tests.filter(({skipped}) => !skipped).map(({kind}) => kind))].sort();
  const standing =
    kinds.length === 0 ? 'empty' : kinds.every((kind) => kind === 'unit') ? 'unit only' : 'shown';
  return {...capability, tests, kinds, standing};
}

function parseTable(text: string, mistakes: string[]): Capability[] {
  const capabilities: Capability[] = [];
  for (const line of text.split('\n')) {
    const match = ROW.exec(line);
    if (match === null) continue;
    const [, id, title, priority] = match as unknown as [string, string, string, string];
    if (capabilities.some((each) => each.id === id)) mistakes.push(`docs/ledger.md: ${id} is listed twice`);
    if (isPriority(priority)) capabilities.push({id, title, priority});
    else mistakes.push(`docs/ledger.md: ${id} has priority "${priority}"; use core, should or could`);
  }
  if (capabilities.length === 0) mistakes.push('docs/ledger.md: no capability found');
  return capabilities;
}

function isPriority(text: string): text is Priority {
  return text === 'core' || text === 'should' || text === 'could';
}
