import { useEffect, useRef } from 'react';
import { announce } from '../../kit/announcer.tsx';
import { plural } from '../../kit/format.ts';
import type { UploadTotals } from './upload-totals.ts';

/** Tells screen readers the start, each quarter, the end, and what needs a decision. */
export const useProgressWords = (totals: UploadTotals): void => {
	const told = useRef({ quarter: 0, failed: 0, conflicts: 0, moving: false });
	useEffect(() => {
		const before = told.current;
		const moving = totals.moving > 0;
		const quarter = moving && totals.bytes > 0 ? Math.floor((totals.sentBytes / totals.bytes) * 4) : 0;
		told.current = { quarter, failed: totals.failed, conflicts: totals.conflicts, moving };
		if (totals.failed > before.failed) announce(`${plural(totals.failed, 'upload')} failed`, 'assertive');
		else if (totals.conflicts > before.conflicts)
			announce('A file of that name is there: decide in the uploads', 'assertive');
		else if (moving && !before.moving) announce(`Sending ${plural(totals.files, 'file')}`);
		else if (moving && quarter > before.quarter && quarter < 4) announce(`${quarter * 25} % sent`);
		else if (!moving && before.moving && totals.unsent === 0) announce('Everything is sent');
	}, [totals]);
};
