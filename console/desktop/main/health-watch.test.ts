import { expect, it, vi } from 'vitest';
import { HealthWatch, newTroubles, type Standing, type Trouble } from './health-watch.ts';
import type { PassOn } from './pass-on.ts';
import { trayView } from './tray-view.ts';
import { placeOf } from './window-state.ts';

const trouble = (name: string, state: Trouble['state'] = 'warn'): Trouble => ({ name, state, what: `${name} & more` });
const known = (...troubles: Trouble[]): Standing => ({ kind: 'known', troubles });
const names = (before: Standing, now: Standing) => newTroubles(before, now).map(({ name }) => name);

it('tells of what is new or worse, once', () => {
	expect(names({ kind: 'unknown' }, known(trouble('disk')))).toEqual([]);
	expect(names(known(trouble('disk')), known(trouble('disk'), trouble('mail')))).toEqual(['mail']);
	expect(names(known(trouble('disk')), known(trouble('disk', 'fail')))).toEqual(['disk']);
	expect(names(known(trouble('disk', 'fail')), known(trouble('disk')))).toEqual([]);
	expect(names(known(trouble('disk')), { kind: 'unknown' })).toEqual([]);
});

it('shows in the tray how it is, by icon and by words', () => {
	const profile = { id: 'a', name: 'Lab', url: 'https://a', color: null, isProduction: false };
	const acts = { show() {}, quit() {} };
	const view = (standing: Standing) => trayView(standing, profile, acts);
	expect(view({ kind: 'unknown' })).toMatchObject({ icon: 'unknown', tip: 'Millrace, Lab: not signed in' });
	expect(view(known())).toMatchObject({ icon: 'well', tip: 'Millrace, Lab: all is well' });
	expect(view(known(trouble('disk')))).toMatchObject({ icon: 'warn', tip: 'Millrace, Lab: 1 problem' });
	const many = view(known(...Array.from({ length: 20 }, (_, at) => trouble(`t${at}`, at === 19 ? 'fail' : 'warn'))));
	expect(many).toMatchObject({ icon: 'fail', tip: 'Millrace, Lab: 20 problems' });
	expect(many.menu).toHaveLength(10);
	expect(many.menu[1]?.label).toBe('t0 && more');
	expect(trayView(known(), null, acts).tip).toBe('Millrace, no coordinator: all is well');
});

it('puts the window where it was as long as it can be moved from there', () => {
	const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
	const at = (x: number, y: number) =>
		placeOf({ bounds: { x, y, width: 800, height: 600 }, isMaximized: false }, screens);
	expect(at(100, 100)).toMatchObject({ x: 100, y: 100, width: 800 });
	expect(at(-600, 0)).toMatchObject({ x: -600 });
	for (const [x, y] of [
		[-790, 0],
		[3_000, 100],
		[100, -200],
		[100, 1_060],
	] as const)
		expect(at(x, y)).toEqual({ width: 800, height: 600 });
	expect(placeOf({ bounds: null, isMaximized: false }, screens)).toEqual({ width: 1440, height: 900 });
});

/** A watch over coordinators that answer as is said. */
const watching = (answer: (id: string, signal: AbortSignal) => Promise<Response>) => {
	const now = { id: 'a' };
	const told: [id: string | undefined, standing: Standing][] = [];
	const profile = () => ({ id: now.id, name: now.id, url: `https://${now.id}`, color: null, isProduction: false });
	const passOn = {
		fetchFor:
			({ id }) =>
			(input, init) =>
				answer(id, new Request(input, init).signal),
	} satisfies Pick<PassOn, 'fetchFor'>;
	const watch = new HealthWatch({
		passOn: passOn as unknown as PassOn,
		current: profile,
		isSignedIn: () => true,
		onStanding: (standing, _, of) => void told.push([of?.id, standing]),
	});
	return { now, told, watch };
};

const health = (what: string): Response => {
	const at = '2026-03-01T00:00:00Z';
	return Response.json({
		...{ state: 'warn', at, version: '0.1.0' },
		checks: [{ name: 'disk', state: 'warn', what, do: null, since: at }],
	});
};

/** Says that it answers, and then nothing until it is given up. */
const trickling = (signal: AbortSignal): Response =>
	new Response(
		new ReadableStream({
			start(body) {
				body.enqueue(new TextEncoder().encode('{'));
				signal.addEventListener('abort', () => body.error(signal.reason));
			},
		}),
	);

it('is not blinded by a coordinator that does not finish its answer', async () => {
	let begun = (): void => {};
	const isLooking = new Promise<void>((resolve) => {
		begun = resolve;
	});
	const { now, told, watch } = watching(async (id, signal) => {
		if (id === 'b') return health('full');
		begun();
		return trickling(signal);
	});
	const first = watch.look();
	await isLooking;
	now.id = 'b';
	await watch.look();
	await first;
	expect(told).toEqual([['b', known({ name: 'disk', state: 'warn', what: 'full' })]]);
});

it('gives an answer up that comes in drops, and says so', async () => {
	const end = new AbortController();
	const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(end.signal);
	const { told, watch } = watching(async (_, signal) => {
		queueMicrotask(() => end.abort());
		return trickling(signal);
	});
	await watch.look();
	expect(timeout).toHaveBeenCalledWith(20_000);
	const what = expect.stringMatching(/does not finish/);
	expect(told).toEqual([['a', known({ name: 'unreachable', state: 'fail', what })]]);
	timeout.mockRestore();
});

it('keeps of what a coordinator says no more than a notification shows', async () => {
	const { told, watch } = watching(async () => health('x'.repeat(10_000)));
	await watch.look();
	expect(told).toEqual([['a', known({ name: 'disk', state: 'warn', what: `${'x'.repeat(299)}…` })]]);
});
