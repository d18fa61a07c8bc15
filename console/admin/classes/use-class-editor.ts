import { useCallback, useMemo, useState } from 'react';
import type { ServiceClassSettings } from '../../../shared/protocol/service-class.ts';
import { type ClassDraft, draftOf, readDraft } from './class-draft.ts';
import { changesBetween, type SettingChange } from './setting-values.ts';

/** What a change was begun from; version 0: there is none yet. */
export interface ClassBase {
	settings: ServiceClassSettings;
	version: number;
}

export interface ClassEditor {
	base: ClassBase;
	draft: ClassDraft;
	/** Null while something does not fit. */
	settings: ServiceClassSettings | null;
	/** By path; of the server too. */
	faults: Readonly<Record<string, string>>;
	changes: readonly SettingChange[];
	isDirty: boolean;
	set(path: string, text: string): void;
	/** What the server did not take; each stands until its field changes. */
	refuse(faults: Readonly<Record<string, string>>): void;
	/** Begins anew from there, with these settings in the form; left out: those of the base. */
	rebase(base: ClassBase, settings?: ServiceClassSettings): void;
}

/** The form of a class: what stands in it, what that would change, and what does not fit. */
export const useClassEditor = (from: ClassBase): ClassEditor => {
	const [base, setBase] = useState(from);
	const [draft, setDraft] = useState<ClassDraft>(() => draftOf(from.settings));
	const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
	const read = useMemo(() => readDraft(draft), [draft]);
	const start = useMemo(() => draftOf(base.settings), [base]);
	const changes = useMemo(
		() => (read.settings === null ? [] : changesBetween(base.settings, read.settings)),
		[base, read.settings],
	);
	const set = useCallback((path: string, text: string) => {
		setDraft((before) => ({ ...before, [path]: text }));
		setRefused(({ [path]: _, ...others }) => others);
	}, []);
	const rebase = useCallback((next: ClassBase, settings = next.settings) => {
		setBase(next);
		setDraft(draftOf(settings));
		setRefused({});
	}, []);
	return {
		...{ base, draft, set, rebase, changes },
		settings: read.settings,
		faults: { ...refused, ...read.faults },
		isDirty:
			changes.length > 0 || Object.keys(start).some((path) => read.settings === null && start[path] !== draft[path]),
		refuse: setRefused,
	};
};
