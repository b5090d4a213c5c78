import {expect, it} from 'vitest';
import {COMMANDS} from '../../cli/commands.ts';

it.each(Object.entries(COMMANDS))(
  '%s is listed in the help as it calls itself',
  async (name, {about, load}) => {
    const command = await load();
    expect([command.name(), command.description()]).toEqual([name, about]);
  },
);
