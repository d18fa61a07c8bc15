#!/usr/bin/env node
import { onClosedOutput } from '../shared/closed-output.ts';
import { buildProgram } from './cli/program.ts';

onClosedOutput(process.stdout, { serves: process.argv.includes('start'), exit: (code) => process.exit(code) });
await buildProgram().parseAsync();
