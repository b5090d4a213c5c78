import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {z} from 'zod';
import {STAGES} from '../../cli/engine.ts';
import {configurationKeys, keyInfo, readConfiguration} from '../../platform/configuration.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');

const Service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({test: z.array(z.string()).optional(), disable: z.boolean().optional()}).optional(),
  volumes: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({condition: z.string()})).default({}),
  restart: z.string(),
  deploy: z.object({resources: z.object({limits: z.object({cpus: z.string(), memory: z.string()})})}),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({file: z.string()})),
});

const compose = Compose.parse(
  parse(readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8'), {merge: true}) as unknown,
);
const {services} = compose;
const ours = Object.entries(services).filter(([, {image}]) => image.includes('forestock:'));
const stages = ours.filter(([name]) => name !== 'migrate');

describe('compose.yaml', () => {
  it('runs every stage, and each beside a console that its health check can ask', () => {
    const run = stages.map(([, {command}]) => command?.[2]?.split(',') ?? []);
    expect(new Set(run.flat())).toEqual(new Set(STAGES));
    for (const names of run) expect(names).toContain('console');
  });

  it('sets only what the configuration knows, and what it sets is valid', () => {
    const known = new Set(configurationKeys.map((key) => keyInfo(key).env));
    for (const [name, {environment}] of ours) {
      for (const variable of Object.keys(environment)) expect(known, name).toContain(variable);
      const filled = Object.fromEntries(
        Object.entries(environment).map(([variable, text]) => [variable, interpolated(text)]),
      );
      expect(() => readConfiguration(filled), name).not.toThrow();
    }
  });

  it('gives every container a limit, and every server a health check', () => {
    for (const [name, {image, healthcheck, deploy}] of Object.entries(services)) {
      expect(deploy.resources.limits.memory, name).toMatch(/^\d+[MG]$/);
      // Ours is in the image.
      if (!image.includes('forestock:')) expect(healthcheck?.test?.[0], name).toBe('CMD');
    }
  });

  it('lets the owner of the database be known to the migration alone', () => {
    const knowing = ours.filter(([, {environment}]) => environment['DATABASE_URL']?.includes('owner'));
    expect(knowing.map(([name]) => name)).toEqual(['migrate']);
    for (const [, {depends_on}] of stages)
      expect(depends_on['migrate']?.condition).toBe('service_completed_successfully');
  });

  it('publishes the console and the dashboards on loopback only, and never the database or the bus', () => {
    const published = Object.values(services).flatMap(({ports}) => ports);
    expect(published).toEqual(['1883:1883', '127.0.0.1:8080:8080', '127.0.0.1:3000:3000']);
  });

  it('mounts files that are there, and names the secrets it declares', () => {
    for (const {volumes, secrets} of Object.values(services)) {
      for (const volume of volumes) {
        const [from] = volume.split(':') as [string];
        if (from.startsWith('.')) expect(existsSync(join(DEPLOY, from)), from).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
      for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });
});

/** As compose fills it in: defaults after `:-`, and a text for what must be given. */
function interpolated(text: string): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, _name, kind: string, value: string) =>
    kind === '-' ? value : 'given-by-the-operator',
  );
}
