import { expect, it } from 'vitest';
import { askFreshAuth, currentQuestion, onQuestion } from './ask-fresh-auth.ts';

it('asks once for all that is refused meanwhile, and anew afterwards', async () => {
	let told = 0;
	const stop = onQuestion(() => {
		told++;
	});
	const both = [askFreshAuth(), askFreshAuth()];
	expect(told).toBe(1);
	currentQuestion()?.answer(true);
	expect(await Promise.all(both)).toEqual([true, true]);
	expect(currentQuestion()).toBeNull();
	const third = askFreshAuth();
	currentQuestion()?.answer(false);
	expect(await third).toBe(false);
	expect(told).toBe(4);
	stop();
	expect(await askFreshAuth()).toBe(false);
});
