import { expect, it } from 'vitest';
import { newTroubles, type Standing, type Trouble } from './health-watch.ts';
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
