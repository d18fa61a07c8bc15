import { type RefObject, useEffect } from 'react';
import { isActive, type UploadItem } from './upload-item.ts';

/** What should be in view: a question first, then a failure, then what is being sent. */
const toShow = (items: readonly UploadItem[]): UploadItem | undefined =>
	items.find(({ state }) => state === 'conflict') ??
	items.find(({ state }) => state === 'failed') ??
	items.find(isActive);

/** Keeps what matters most in view, unless somebody is at the list just now: then nothing moves. */
export const useFollow = (
	list: RefObject<HTMLElement | null>,
	items: readonly UploadItem[],
	scrollTo: (index: number) => void,
): void => {
	const shown = toShow(items)?.id;
	// biome-ignore lint/correctness/useExhaustiveDependencies: only another upload to show moves the view
	useEffect(() => {
		if (shown === undefined || list.current?.matches(':hover, :focus-within')) return;
		scrollTo(items.findIndex(({ id }) => id === shown));
	}, [shown]);
};
