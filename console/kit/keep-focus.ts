/** So many places back are remembered. */
const MOST = 16;

interface Step {
	at: HTMLElement;
	/** It lay over the page: in a menu, a dialog, a message. */
	isOver: boolean;
}

const canHaveFocus = ({ at }: Step): boolean =>
	at.isConnected && !at.matches(':disabled') && at.closest('[inert]') === null;

/**
 * Keeps the focus from being lost to who works by keys. A button that is busy is disabled meanwhile, and has it again
 * afterwards; a menu's item or a dialog goes, and what opened it has it. Where the page itself changes nothing is done:
 * Tab goes on from there.
 */
export const keepFocus = (): void => {
	let trail: Step[] = [];
	/** By Tab out of the page, at its end: it is nowhere, and that is meant. */
	let hasLeft = false;
	let isToLook = false;
	const add = ({ target }: FocusEvent): void => {
		hasLeft = false;
		if (!(target instanceof HTMLElement)) return;
		const isOver = target.closest('[data-portal]') !== null;
		trail = [...trail.filter(({ at }) => at !== target), { at: target, isOver }].slice(-MOST);
	};
	const look = (): void => {
		isToLook = false;
		const last = trail.at(-1);
		if (last === undefined || hasLeft || document.activeElement !== document.body) return;
		const dialog = [...document.querySelectorAll<HTMLElement>('[aria-modal="true"]')].at(-1);
		const isAway = !last.at.isConnected;
		if (dialog !== undefined && (isAway || !dialog.contains(last.at))) {
			const within = trail.findLast((step) => dialog.contains(step.at) && canHaveFocus(step));
			(within?.at ?? dialog).focus({ preventScroll: true });
			return;
		}
		// What is busy is waited for.
		const back = !isAway
			? last
			: last.isOver
				? trail.findLast((step) => !step.isOver && step.at.isConnected)
				: undefined;
		if (back !== undefined && canHaveFocus(back)) back.at.focus({ preventScroll: true });
	};
	document.addEventListener('focusin', add);
	document.addEventListener(
		'keydown',
		({ key }) => {
			if (key === 'Tab') hasLeft = true;
		},
		true,
	);
	// Who clicks beside everything wants nothing to have the focus.
	document.addEventListener(
		'pointerdown',
		() => {
			trail = [];
		},
		true,
	);
	const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ['disabled'] };
	// Not at once: what changes while the focus moves finds it nowhere, on its way.
	new MutationObserver(() => {
		if (isToLook) return;
		isToLook = true;
		setTimeout(look);
	}).observe(document.body, changes);
};
