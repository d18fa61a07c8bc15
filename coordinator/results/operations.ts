import { readAsked } from './again-store.ts';
import { readProvenance } from './provenance-store.ts';

/** All SQL of this room. */
export const RESULT_OPERATIONS = [readAsked, readProvenance];
