import { Button, Modal, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Manifest } from '../../../shared/protocol/task-type.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { SecretForm } from '../secrets/secret-form.tsx';
import { useSecrets } from '../secrets/use-secrets.ts';
import { missingSecrets } from './faults.ts';
import classes from './process.module.css';
import type { ChosenSecrets } from './wish.ts';

interface SecretFieldsProps {
	slots: Manifest['secrets'];
	chosen: ChosenSecrets;
	/** What is missing is told from the first try on. */
	tried: boolean;
	onChange(chosen: ChosenSecrets): void;
}

/** Which of the person’s secrets the task is given, by name. */
export const SecretFields = ({ slots, chosen, tried, onChange }: SecretFieldsProps) => {
	/** The slot for which one is being made. */
	const [making, make] = useState<string | null>(null);
	const query = useSecrets();
	const secrets = query.data?.items ?? [];
	const choose = (slot: string, secret: { id: string; name: string } | undefined) => {
		const { [slot]: _, ...others } = chosen;
		onChange(secret ? { ...others, [slot]: { id: secret.id, name: secret.name } } : others);
	};
	const missing = missingSecrets({ secrets: slots }, chosen);
	return (
		<>
			{query.isError && <p className={classes.note}>Your secrets cannot be read: {errorText(query.error)}</p>}
			{slots.map(({ slot, title, description, required }) => (
				<div key={slot} className={classes.secret}>
					<NativeSelect
						label={title}
						description={description}
						required={required}
						withAsterisk={false}
						data={[
							{ value: '', label: required ? 'Choose one of your secrets' : 'None' },
							...secrets.map(({ id, name }) => ({ value: id, label: name })),
						]}
						value={chosen[slot]?.id ?? ''}
						error={tried && missing.some((one) => one.slot === slot) ? 'Choose a secret, or make one' : null}
						onChange={(event) =>
							choose(
								slot,
								secrets.find(({ id }) => id === event.currentTarget.value),
							)
						}
					/>
					<Button variant="default" onClick={() => make(slot)}>
						New secret…<span className="millrace-off-screen"> for {title}</span>
					</Button>
				</div>
			))}
			<p className={classes.note}>
				A secret is given to the running task only. You see and delete yours on the account page.
			</p>
			<Modal opened={making !== null} onClose={() => make(null)} title="New secret">
				<SecretForm
					onClose={() => make(null)}
					onDone={(secret) => {
						if (making !== null) choose(making, secret);
						make(null);
					}}
				/>
			</Modal>
		</>
	);
};
