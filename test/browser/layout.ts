import type { Portal } from './portal.ts';

/** Text that is cut off, or that lies on other text, one line each; what is cut with dots says so itself. */
export const layoutTrouble = ({ page }: Portal): Promise<string[]> =>
	page.evaluate(() => {
		interface Piece {
			text: string;
			node: Node;
			of: Element;
			box: DOMRect;
		}
		const SLACK = 3;
		const found = new Set<string>();
		const pieces: Piece[] = [];
		const brief = (text: string): string => `“${text.trim().slice(0, 50)}”`;
		const clips = (style: CSSStyleDeclaration): boolean => /hidden|clip/.test(style.overflowX);
		const scrolls = (style: CSSStyleDeclaration): boolean => /auto|scroll/.test(style.overflowX);
		/** Text for those only who do not see it. */
		const isForEars = (style: CSSStyleDeclaration): boolean => style.clipPath.startsWith('inset');

		/** Cut by the nearest thing around it that shows no more than its own room. */
		const judge = (piece: Piece): void => {
			for (let at: Element | null = piece.of; at !== null; at = at.parentElement) {
				const style = getComputedStyle(at);
				if (isForEars(style)) return;
				if (scrolls(style) || style.textOverflow === 'ellipsis') break;
				if (!clips(style) || at === document.documentElement) continue;
				const room = at.getBoundingClientRect();
				const cut = piece.box.right > room.right + SLACK || piece.box.left < room.left - SLACK;
				if (cut) found.add(`${brief(piece.text)} is cut`);
				break;
			}
			pieces.push(piece);
		};
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
			const text = node.textContent ?? '';
			const of = node.parentElement;
			if (text.trim() === '' || of === null || of.closest('[aria-hidden="true"], option, script, style')) continue;
			if (!of.checkVisibility({ visibilityProperty: true })) continue;
			const range = document.createRange();
			range.selectNodeContents(node);
			for (const box of range.getClientRects()) if (box.width > 1) judge({ text, node, of, box });
		}
		// Within what scrolls or is cut with dots, text goes on beneath what is beside it: its own room counts then.
		const shown = pieces.flatMap(({ text, node, of, box }) => {
			let { left, right } = box;
			for (let at: Element | null = of; at !== null && at !== document.body; at = at.parentElement) {
				const style = getComputedStyle(at);
				if (!clips(style) && !scrolls(style)) continue;
				const room = at.getBoundingClientRect();
				left = Math.max(left, room.left);
				right = Math.min(right, room.right);
			}
			let isFixed = of.closest('header, nav, [data-position]') !== null;
			// What stays in view lies on what is scrolled beneath it.
			for (let at: Element | null = of; at !== null; at = at.parentElement) {
				if (getComputedStyle(at).position === 'sticky') isFixed = true;
			}
			return right - left > 1 && !isFixed ? [{ text, node, left, right, top: box.top, bottom: box.bottom }] : [];
		});
		shown.sort((a, b) => a.top - b.top);
		for (const [at, one] of shown.entries()) {
			for (let next = at + 1; next < shown.length && shown[next]!.top < one.bottom - SLACK; next += 1) {
				const other = shown[next]!;
				// What ends in dots has two boxes, the whole and what is left of it.
				if (one.node === other.node) continue;
				const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
				const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
				// Lines of a narrow height lie closer than their boxes.
				if (across > SLACK && down > 5) found.add(`${brief(one.text)} lies on ${brief(other.text)}`);
			}
		}
		return [...found];
	});
