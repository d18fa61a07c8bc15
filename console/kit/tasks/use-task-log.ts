import { useEffect, useState } from 'react';
import { readTaskLog } from '../../../shared/client/tasks.ts';
import type { LogLine } from '../../../shared/protocol/task.ts';
import { http } from '../remote/api.ts';
import { appendLines } from './log-lines.ts';

const EVERY_MS = 1_000;

interface TaskLog {
	lines: readonly LogLine[];
	/** Null until the first page is there. */
	isRead: boolean;
	error: unknown;
}

const EMPTY: TaskLog = { lines: [], isRead: false, error: null };

/** A task’s log: read to its end at once, then every second as long as the task is open and the tab is seen. */
export const useTaskLog = (id: string, isOpen: boolean): TaskLog => {
	const [log, setLog] = useState(EMPTY);
	useEffect(() => {
		const stop = new AbortController();
		let after: number | undefined;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const read = async () => {
			try {
				for (;;) {
					const page = await readTaskLog(http, id, after, { signal: stop.signal });
					after = page.nextSeq;
					setLog((before) => ({ lines: appendLines(before.lines, page.items), isRead: true, error: null }));
					if (page.items.length === 0) break;
				}
			} catch (error) {
				if (stop.signal.aborted) return;
				setLog((before) => ({ ...before, isRead: true, error }));
			}
			if (isOpen && !stop.signal.aborted) timer = setTimeout(next, EVERY_MS);
		};
		const next = () => {
			if (document.hidden) timer = setTimeout(next, EVERY_MS);
			else void read();
		};
		setLog((before) => (before.lines.length === 0 ? EMPTY : before));
		void read();
		return () => {
			stop.abort(new DOMException('Not shown any more.', 'AbortError'));
			clearTimeout(timer);
		};
	}, [id, isOpen]);
	return log;
};
