import { readProvenance } from './provenance-store.ts';

/** All SQL of this room. */
export const RESULT_OPERATIONS = [readProvenance];
