import { describe, expect, it } from 'vitest';
import { FINAL_TASK_STATES, type TaskState } from '../../shared/protocol/task.ts';
import { type Alteration, judgeAlteration, judgeUndo, type Wanted } from './judge-alteration.ts';

const ANNA = 'usr_anna';
const OLGA = 'usr_olga';
const task = (fields: object = {}) => ({
	state: 'queued' as TaskState,
	owner: ANNA,
	heldAt: null,
	heldBy: null,
	heldReason: null,
	boostedAt: null,
	routingKey: 'normal.x',
	awaitsBudget: null as string | null,
	...fields,
});
const wanted = (verb: Alteration, fields: Partial<Wanted> = {}): Wanted => ({
	...{ verb, by: OLGA, asOwner: false, at: 5, reason: 'why', routingKey: verb === 'move' ? 'yard.x' : null },
	...fields,
});
const HELD_BY_ANNA = { heldAt: 3, heldBy: ANNA, heldReason: 'own' };
const HELD_BY_OLGA = { heldAt: 3, heldBy: OLGA, heldReason: 'disk' };

describe('an alteration', () => {
	it('says what the task is to be', () => {
		expect(judgeAlteration(task(), wanted('hold'))).toMatchObject({ heldAt: 5, heldBy: OLGA, heldReason: 'why' });
		expect(judgeAlteration(task(HELD_BY_OLGA), wanted('release'))).toMatchObject({ heldAt: null, heldReason: null });
		expect(judgeAlteration(task(), wanted('boost'))).toMatchObject({ boostedAt: 5 });
		expect(judgeAlteration(task({ boostedAt: 2 }), wanted('unboost'))).toMatchObject({ boostedAt: null });
		expect(judgeAlteration(task(), wanted('move'))).toMatchObject({ routingKey: 'yard.x' });
	});

	it('of what is so already changes nothing, so that a repeat is harmless', () => {
		expect(judgeAlteration(task(HELD_BY_OLGA), wanted('hold'))).toBe('same');
		expect(judgeAlteration(task(), wanted('release'))).toBe('same');
		expect(judgeAlteration(task({ boostedAt: 2 }), wanted('boost'))).toBe('same');
		expect(judgeAlteration(task(), wanted('unboost'))).toBe('same');
		expect(judgeAlteration(task({ routingKey: 'yard.x' }), wanted('move'))).toBe('same');
	});

	it('is for open tasks; what runs may be held, but is neither boosted nor moved', () => {
		for (const state of FINAL_TASK_STATES) expect(judgeAlteration(task({ state }), wanted('hold'))).toBe('over');
		const running = task({ state: 'running' });
		expect(judgeAlteration(running, wanted('hold'))).toMatchObject({ heldAt: 5 });
		for (const verb of ['boost', 'unboost', 'move'] as const) {
			expect(judgeAlteration(running, wanted(verb))).toBe('running');
		}
	});

	it('of an owner does not undo an operator’s; an operator’s stands above an owner’s', () => {
		const asOwner = { by: ANNA, asOwner: true };
		expect(judgeAlteration(task(HELD_BY_OLGA), wanted('release', asOwner))).toBe('held-by-other');
		expect(judgeAlteration(task(HELD_BY_ANNA), wanted('release', asOwner))).toMatchObject({ heldAt: null });
		expect(judgeAlteration(task(HELD_BY_OLGA), wanted('hold', asOwner))).toBe('same');
		expect(judgeAlteration(task(HELD_BY_ANNA), wanted('hold'))).toMatchObject({ heldBy: OLGA, heldAt: 5 });
		expect(judgeAlteration(task(HELD_BY_ANNA), wanted('release'))).toMatchObject({ heldAt: null });
	});
});

describe('a budget', () => {
	const waits = { heldAt: 3, heldBy: 'budget', heldReason: 'the budget of anna', awaitsBudget: 'the budget of anna' };

	it('holds until it has room, whoever releases; people hold above it', () => {
		expect(judgeAlteration(task(waits), wanted('release'))).toBe('held-by-budget');
		expect(judgeAlteration(task(waits), wanted('hold', { by: ANNA, asOwner: true }))).toMatchObject({ heldBy: ANNA });
		expect(judgeAlteration(task({ ...waits, ...HELD_BY_OLGA }), wanted('release'))).toMatchObject({
			...{ heldAt: 5, heldBy: 'budget', heldReason: 'the budget of anna' },
		});
	});
});

describe('an undo', () => {
	const before = task(HELD_BY_ANNA);

	it('puts back what was, as far as the act said it', () => {
		const now = task({ ...HELD_BY_OLGA, heldAt: 5, boostedAt: 9 });
		expect(judgeUndo(now, wanted('hold'), before)).toMatchObject({ ...HELD_BY_ANNA, boostedAt: 9 });
		expect(judgeUndo(task(), wanted('release'), before)).toMatchObject(HELD_BY_ANNA);
		expect(judgeUndo(task({ boostedAt: 5 }), wanted('boost'), before)).toMatchObject({ boostedAt: null });
		expect(judgeUndo(task(), wanted('unboost'), task({ boostedAt: 2 }))).toMatchObject({ boostedAt: 2 });
		expect(judgeUndo(task({ routingKey: 'yard.x' }), wanted('move'), before)).toMatchObject({ routingKey: 'normal.x' });
	});

	it('leaves what has changed since', () => {
		expect(judgeUndo(task(), wanted('hold'), before), 'released since').toBeNull();
		expect(judgeUndo(task({ ...HELD_BY_OLGA, heldAt: 6 }), wanted('hold'), before), 'held anew').toBeNull();
		expect(judgeUndo(task(HELD_BY_OLGA), wanted('release'), before)).toBeNull();
		expect(judgeUndo(task({ boostedAt: 6 }), wanted('boost'), before)).toBeNull();
		expect(judgeUndo(task({ routingKey: 'other.x' }), wanted('move'), before)).toBeNull();
		expect(judgeUndo(task({ state: 'running', routingKey: 'yard.x' }), wanted('move'), before)).toBeNull();
		expect(judgeUndo(task({ state: 'failed', boostedAt: 5 }), wanted('boost'), before)).toBeNull();
	});
});
