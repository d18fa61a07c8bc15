import type { Portal } from './portal.ts';

const PRESSES = 25;
const MOST_PRESSES = 800;

interface Tour {
	/** Ends the tour: what was found, a line each. */
	end(): string[];
	isRound: boolean;
}

/** Notes in the page what Tab leads to, and whether one sees where one is. */
const beginTour = (): void => {
	const seen = new Set<Element>();
	const found = new Set<string>();
	const started = { at: null as Element | null };

	/** What the eye takes for it: labels and tracks stand for inputs that are drawn by others. */
	const standIns = (of: Element): Element[] => {
		const labels = 'labels' in of ? [...((of as HTMLInputElement).labels ?? [])] : [];
		const beside = [of.nextElementSibling, of.previousElementSibling, of.parentElement, of.closest('label')];
		const around = [...labels, ...beside].filter((one) => one !== null);
		return [of, ...around, ...around.flatMap((one) => [...one.children]), ...of.children];
	};
	const looks = (of: Element): string[] =>
		standIns(of).map((one) => {
			const { outlineStyle, outlineWidth, boxShadow, borderColor, stroke, strokeWidth } = getComputedStyle(one);
			const outline = outlineStyle === 'none' ? '' : `${outlineStyle} ${outlineWidth}`;
			return [outline, boxShadow, borderColor, stroke, strokeWidth].join('|');
		});
	const nameOf = (of: Element): string => {
		const byId = (of.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
		const labels = 'labels' in of ? [...((of as HTMLInputElement).labels ?? [])] : [];
		const texts = [...byId, ...labels, of].map((one) => one?.textContent?.trim() ?? '');
		return [of.getAttribute('aria-label'), ...texts, of.getAttribute('title')].find((name) => name) ?? '';
	};
	const told = (of: Element): string => {
		const role = of.getAttribute('role');
		return `${of.localName}${role === null ? '' : `[${role}]`} “${nameOf(of).slice(0, 60)}”`;
	};
	const isHidden = (of: Element): boolean => {
		const { left, right, top, bottom } = of.getBoundingClientRect();
		const header = of.closest('main') === null ? 0 : 54;
		return bottom <= header || top >= innerHeight || right <= 0 || left >= innerWidth;
	};
	const look = (of: Element): void => {
		started.at ??= of;
		if (of === started.at && seen.size > 1) tour.isRound = true;
		if (seen.has(of)) return;
		seen.add(of);
		if (nameOf(of) === '') found.add(`${of.outerHTML.slice(0, 120)} has no name`);
		if (isHidden(of)) found.add(`${told(of)} is out of sight when it has the focus`);
		const focused = looks(of);
		// How it looks without: the focus goes for a moment to where nothing is drawn.
		(of as HTMLElement).blur();
		const plain = looks(of);
		(of as HTMLElement).focus({ preventScroll: true });
		// A date keeps the focus in a part of it that cannot be taken away.
		const isOutlined = !focused[0]?.startsWith('|');
		if (!isOutlined && focused.join() === plain.join()) found.add(`${told(of)} does not show that it has the focus`);
	};
	let isLooking = false;
	const onFocus = ({ target }: FocusEvent): void => {
		if (isLooking || !(target instanceof Element)) return;
		isLooking = true;
		look(target);
		isLooking = false;
	};
	document.addEventListener('focusin', onFocus);

	const ACTED_ON = 'a[href], button, input, select, textarea, summary, [tabindex], [role="button"]';
	/** One of these has the tab stop, arrows lead to the others. */
	const GROUPS = '[role="tablist"], [role="grid"], [role="radiogroup"], [role="menu"], [role="listbox"], figure';
	const isOffered = (one: Element): boolean => {
		if (!(one instanceof HTMLElement || one instanceof SVGElement)) return false;
		if (one.closest('[inert], [aria-hidden="true"]') !== null || one.matches(':disabled, [type="hidden"]'))
			return false;
		return one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
	};
	const isOther = (one: Element): boolean => {
		if (one instanceof HTMLInputElement && one.type === 'radio') return !one.checked;
		// Of the rows of a list one is a stop; which one may have changed since.
		if (one instanceof HTMLTableRowElement) return [...seen].some((row) => row instanceof HTMLTableRowElement);
		if (one.getAttribute('tabindex') !== '-1') return false;
		// What only scripts give the focus to, such as a heading, is no control.
		return one.closest(GROUPS) !== null || !one.matches('a[href], button, input, select, textarea');
	};
	const tour: Tour = {
		isRound: false,
		end() {
			document.removeEventListener('focusin', onFocus);
			const left = [...document.querySelectorAll(ACTED_ON)].filter((one) => isOffered(one) && !isOther(one));
			for (const one of left) if (!seen.has(one)) found.add(`Tab does not lead to ${told(one)}`);
			return [...found];
		},
	};
	Object.assign(globalThis, { tour });
	(document.activeElement as HTMLElement | null)?.blur();
};

/** Goes once around the page by Tab. What is not reached, has no name, or does not show the focus; empty is well. */
export const tourByTab = async ({ page }: Portal): Promise<string[]> => {
	await page.evaluate(beginTour);
	const isRound = () => page.evaluate(() => (globalThis as unknown as { tour: Tour }).tour.isRound);
	for (let presses = 0; presses < MOST_PRESSES && !(await isRound()); presses += PRESSES) {
		for (let press = 0; press < PRESSES; press += 1) await page.keyboard.press('Tab');
	}
	const whole = (await isRound()) ? [] : [`Tab does not come around within ${MOST_PRESSES} presses`];
	return [...whole, ...(await page.evaluate(() => (globalThis as unknown as { tour: Tour }).tour.end()))];
};
