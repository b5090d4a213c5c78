import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';

const ROOT = join(import.meta.dirname, '../..');
const dockerfile = readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8');
/** The last stage is the image; what is before it stays behind. */
const image = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
const packageJson = z
  .object({
    scripts: z.record(z.string(), z.string()),
    bin: z.record(z.string(), z.string()),
    engines: z.object({node: z.string()}),
  })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

describe('Dockerfile', () => {
  it('builds and runs on a Node that package.json names', () => {
    const majors = [...dockerfile.matchAll(/^FROM node:(\d+)/gm)].map(([, major]) => major);
    expect(majors).toEqual(['22', '22']);
    expect(packageJson.engines.node).toContain('^22.');
  });

  it('ends as an unprivileged user, after everything that needs root', () => {
    const lines = image.split('\n').map((line) => line.split(' ')[0]);
    expect(image).toContain('\nUSER node\n');
    for (const root of ['RUN', 'COPY']) expect(lines.lastIndexOf(root)).toBeLessThan(lines.indexOf('USER'));
  });

  it('installs neither compiler nor tests, and runs no install scripts', () => {
    expect(image).toContain('npm ci --omit=dev --ignore-scripts');
    expect(image).not.toMatch(/COPY \. /);
  });

  it('starts the program that package.json calls forestock, with the flags of npm start', () => {
    const [node, ...flags] = packageJson.scripts['start']!.replace(/ start$/, '').split(' ');
    expect(flags.at(-1)).toBe(packageJson.bin['forestock']);
    expect(image).toContain(`ENTRYPOINT ${JSON.stringify([node, ...flags]).replaceAll(',', ', ')}`);
    expect(image).toContain('STOPSIGNAL SIGTERM');
    expect(image).toMatch(/HEALTHCHECK[^]*\/healthz/);
  });

  it('finds every file and folder that it copies, also past its ignore file', () => {
    const allowed = readFileSync(join(ROOT, 'deploy/Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from|\. )(.+) \S+$/gm)].flatMap(([, from]) =>
      from!.split(' '),
    );
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(
        allowed.some((each) => path === each || path.startsWith(`${each}/`)),
        path,
      ).toBe(true);
    }
  });
});
