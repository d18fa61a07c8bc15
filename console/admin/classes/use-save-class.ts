import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import {
	type ClassChangeOptions,
	putServiceClass,
	readServiceClass,
	rollBackServiceClass,
} from '../../../shared/client/service-classes.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { ServiceClassSettings, ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { notifyDone, notifyError, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { faultsByField } from './class-draft.ts';
import { words } from './words.ts';

interface Wish {
	name: string;
	settings: ServiceClassSettings;
	/** What must be there still; 0: nothing. */
	ifVersion: number;
	reason: string;
}

interface SaveOptions {
	onSaved(view: ServiceClassView): void;
	onRefused(faults: Record<string, string>): void;
}

const reread = () => queryClient.invalidateQueries({ queryKey: keys.classes });

/** Goes back to what was there before a version, as long as nobody has changed it since. */
const takeBack = async (name: string, version: number): Promise<void> => {
	try {
		await rollBackServiceClass(http, name, version - 1, { ifVersion: version });
		notifyDone(words.undone(name, version - 1));
	} catch (error) {
		notifyError(words.notUndone, errorText(error));
	}
	await reread();
};

/** Saves a class; when somebody else has changed it meanwhile, `theirs` is what is there now. */
export const useSaveClass = ({ onSaved, onRefused }: SaveOptions) => {
	const [theirs, setTheirs] = useState<ServiceClassView | null>(null);
	const compare = async (name: string): Promise<void> => {
		try {
			setTheirs(await readServiceClass(http, name));
		} catch (error) {
			const isGone = error instanceof CodedError && error.code === 'not-found';
			notifyError(words.notSaved, isGone ? words.goneMeanwhile : errorText(error));
		}
	};
	const saving = useMutation({
		async mutationFn({ name, settings, ifVersion, reason }: Wish) {
			const options: ClassChangeOptions = { ifVersion, ...(reason === '' ? {} : { reason }) };
			return putServiceClass(http, name, settings, options);
		},
		onSuccess(view, { ifVersion }) {
			queryClient.setQueryData([...keys.classes, 'one', view.name], view);
			onSaved(view);
			if (ifVersion === 0) notifyDone(words.made(view.name));
			else notifyUndo(words.saved(view.name, view.version), () => void takeBack(view.name, view.version), 'restore');
		},
		async onError(error, { name, ifVersion }) {
			const code = error instanceof CodedError ? error.code : '';
			if (code === 'precondition-failed' && ifVersion === 0) onRefused({ name: words.nameTaken });
			else if (code === 'precondition-failed') await compare(name);
			else {
				if (error instanceof CodedError && error.fields) onRefused(faultsByField(error.fields));
				notifyError(words.notSaved, errorText(error));
			}
		},
		onSettled: reread,
	});
	return { save: saving.mutate, isBusy: saving.isPending, theirs, compareWith: setTheirs };
};
