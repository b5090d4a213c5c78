import {defineConfig} from 'vitest/config';

/** One project per file suffix: the suffix says what a test needs (see docs/testing.md). */
const project = (name: string, suffix: string, more: object = {}): object => ({
  test: {name, include: [`test/**/*.${suffix}.ts`], exclude: ['dist/**', 'node_modules/**'], ...more},
});

/** Suites that start servers of their own: one file at a time, with room for the start. */
const server = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  fileParallelism: false,
  globalSetup: ['test/support/database-server.ts'],
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      project('unit', 'test', {exclude: ['dist/**', 'node_modules/**', 'test/**/*.*.test.ts']}),
      project('property', 'property.test'),
      project('pg', 'pg.test', server),
      project('timescale', 'timescale.test', server),
      project('nats', 'nats.test', server),
      project('mqtt', 'mqtt.test', server),
      project('sim', 'sim.test', {...server, testTimeout: 300_000}),
      project('cli', 'cli.test', {
        ...server,
        testTimeout: 300_000,
        globalSetup: [...server.globalSetup, 'test/support/compiled-program.ts'],
      }),
      project('browser', 'browser.test', {...server, testTimeout: 300_000}),
    ],
  },
});
