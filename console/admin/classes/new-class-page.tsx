import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { plainSettings, serviceClassNameSchema } from '../../../shared/protocol/service-class.ts';
import page from '../../kit/shell/page.module.css';
import { useTitle } from '../../kit/use-title.ts';
import { ClassForm } from './class-form.tsx';
import classes from './classes.module.css';
import { PreviewCard } from './preview-card.tsx';
import { SaveCard } from './save-card.tsx';
import { useClassEditor } from './use-class-editor.ts';
import { useClasses } from './use-classes.ts';
import { useSaveClass } from './use-save-class.ts';
import { words } from './words.ts';

/** The address of this page is no class's. */
const KEPT = 'new';

/** A class that is not there yet. */
export const NewClassPage = () => {
	useTitle(words.make);
	const navigate = useNavigate();
	const [name, setName] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const all = useClasses().data?.items ?? [];
	const editor = useClassEditor({ settings: plainSettings(), version: 0 });
	const saving = useSaveClass({
		onSaved: (view) => void navigate(`/classes/${view.name}`, { replace: true }),
		onRefused: ({ name: taken, ...faults }) => {
			if (taken !== undefined) setFault(taken);
			editor.refuse(faults);
		},
	});
	const save = (reason: string) => {
		const isName = serviceClassNameSchema.safeParse(name).success;
		const trouble = name === KEPT ? words.nameNew : isName ? null : words.nameFault;
		setFault(trouble);
		if (trouble !== null) document.getElementById('class-name')?.focus();
		else if (editor.settings) saving.save({ name, settings: editor.settings, ifVersion: 0, reason });
	};
	return (
		<>
			<Link className={page.back!} to="/classes">
				{words.all}
			</Link>
			<div className={page.head}>
				<h1 className={page.title}>{words.make}</h1>
			</div>
			<p className={page.lead}>{words.newLead}</p>
			<div className={page.columns}>
				<div className={page.main}>
					<section className={page.card}>
						<TextInput
							id="class-name"
							label={words.name}
							description={words.nameHelp}
							error={fault === null ? undefined : `${words.name} ${fault}.`}
							withAsterisk
							value={name}
							maxLength={63}
							autoComplete="off"
							spellCheck={false}
							onChange={(event) => {
								setName(event.currentTarget.value.trim());
								setFault(null);
							}}
						/>
					</section>
					<ClassForm editor={editor} />
				</div>
				<aside className={`${page.side} ${classes.sticky}`} aria-label={words.about}>
					<SaveCard editor={editor} isNew isBusy={saving.isBusy} onSave={save} onGo={() => {}} />
					{editor.settings && <PreviewCard name={name} settings={editor.settings} all={all} />}
				</aside>
			</div>
		</>
	);
};
