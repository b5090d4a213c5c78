import type {Command} from 'commander';
import {expect, it} from 'vitest';
import {COMMANDS} from '../../cli/commands.ts';

interface Named {
  readonly name: string;
  readonly command: Command;
}

function within({name, command}: Named): Named[] {
  return [
    {name, command},
    ...command.commands.flatMap((each) => within({name: `${name} ${each.name()}`, command: each})),
  ];
}

it('L1 every command and every option says in --help what it does', async () => {
  const silent: string[] = [];
  let options = 0;
  for (const [name, {load}] of Object.entries(COMMANDS))
    for (const one of within({name, command: await load()})) {
      if (one.command.description() === '') silent.push(one.name);
      for (const {flags, description} of one.command.options) {
        options += 1;
        if (description.trim() === '') silent.push(`${one.name} ${flags}`);
      }
    }
  expect(silent).toEqual([]);
  expect(options).toBeGreaterThan(400);
}, 120_000); // every command is loaded
