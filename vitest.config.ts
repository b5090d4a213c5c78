import {defineConfig} from 'vitest/config';

const ALWAYS_OUT = ['dist/**', 'node_modules/**'];

/** A limit against a test that hangs, not a measure of speed: a busy machine has time enough. */
const TIMEOUT_MS = 60_000;

/** One project per file suffix: the suffix says what a test needs (see docs/testing.md). */
const project = (name: string, suffix: string, more: object = {}): object => ({
  test: {
    name,
    include: [`test/**/*.${suffix}.ts`],
    exclude: ALWAYS_OUT,
    testTimeout: TIMEOUT_MS,
    isolate: false,
    ...more,
  },
});

/** Suites that start servers of their own: one file at a time, with room for the start. */
const server = {
  hookTimeout: 120_000,
  fileParallelism: false,
  sequence: {groupOrder: 1}, // after those that run two at a time
  globalSetup: ['test/support/database-server.ts'],
  setupFiles: ['test/support/close-databases.ts'],
};

const long = {...server, testTimeout: 300_000};
/** The embedded server's own suite would only repeat itself beside another server. */
const embeddedOnly =
  process.env['TEST_DATABASE_URL'] === undefined ? [] : ['test/platform/embedded-postgres.pg.test.ts'];

const projects = {
  unit: project('unit', 'test', {exclude: [...ALWAYS_OUT, 'test/**/*.*.test.ts']}),
  property: project('property', 'property.test'),
  pg: project('pg', 'pg.test', {...server, exclude: [...ALWAYS_OUT, ...embeddedOnly]}),
  timescale: project('timescale', 'timescale.test', server),
  nats: project('nats', 'nats.test', server),
  mqtt: project('mqtt', 'mqtt.test', server),
  sim: project('sim', 'sim.test', long),
  cli: project('cli', 'cli.test', {
    ...long,
    globalSetup: [...server.globalSetup, 'test/support/compiled-program.ts'],
  }),
  browser: project('browser', 'browser.test', {
    ...long,
    globalSetup: [...server.globalSetup, 'test/support/built-console.ts'],
  }),
};
export const PROJECT_NAMES = Object.keys(projects);

export default defineConfig({test: {maxWorkers: 2, projects: Object.values(projects)}});
