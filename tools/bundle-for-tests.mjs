import { ensureBundled } from './bundle.mjs';

/** Set-up of the tests that start programs: they start what the sources say now. */
export const setup = ensureBundled;
