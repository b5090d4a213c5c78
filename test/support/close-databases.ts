import {afterAll} from 'vitest';
import {closeTestDatabases} from './database.ts';

// A setup file runs anew for each test file, unlike the modules that test files share.
afterAll(closeTestDatabases);
