import { expect, it } from 'vitest';
import { BUDGET_HOLDER } from '../../../shared/protocol/budget.ts';
import { actsFor } from './acts-for.ts';

const held = (by: string) => ({ by, since: '2026-03-01T00:00:00Z', reason: null });
const olga = { id: 'usr_olga', username: 'olga', role: 'operator' } as const;
const task = { state: 'queued', owner: 'usr_ann', held: null, boosted: false, cancelRequested: false } as const;

it.each([
	[task, ['cancel', 'hold', 'boost', 'move']],
	[{ ...task, boosted: true, held: held('olga') }, ['cancel', 'release', 'unboost', 'move']],
	[{ ...task, held: held(BUDGET_HOLDER) }, ['cancel', 'boost', 'move']],
	[{ ...task, cancelRequested: true }, []],
	[{ ...task, state: 'running' as const }, ['cancel']],
	[{ ...task, state: 'running' as const, cancelRequested: true }, []],
	[{ ...task, state: 'quarantined' as const }, ['retry']],
	[{ ...task, state: 'succeeded' as const }, []],
])('%o can be done %j to', (which, acts) => expect(actsFor(which, olga)).toEqual(acts));
