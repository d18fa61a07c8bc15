import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteSecret } from '../../../shared/client/secrets.ts';
import type { SecretView } from '../../../shared/protocol/secret.ts';
import classes from '../../kit/account/account.module.css';
import { Card, CardList } from '../../kit/account/card.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import { SecretForm } from '../secrets/secret-form.tsx';
import { useSecrets } from '../secrets/use-secrets.ts';

type Dialog = { kind: 'new' } | { kind: 'replace' | 'delete'; secret: SecretView } | null;

/** What one entrusts to tasks: listed by name, replaced and deleted, never shown. */
export const SecretsCard = () => {
	const [dialog, setDialog] = useState<Dialog>(null);
	const query = useSecrets();
	const close = () => setDialog(null);
	const remove = useMutation({
		mutationFn: ({ id }: SecretView) => deleteSecret(http, id),
		onSuccess: (_, { name }) => {
			notifyDone(`The secret ${name} is deleted`);
			close();
		},
		onSettled: () => queryClient.invalidateQueries({ queryKey: keys.secrets }),
	});
	const open = (next: Dialog) => {
		remove.reset();
		setDialog(next);
	};
	return (
		<Card
			title="Secrets"
			lead="Tokens that tasks need, such as for X. They are kept sealed and shown to nobody."
			act={
				<Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={() => open({ kind: 'new' })}>
					New secret
				</Button>
			}
		>
			<CardList
				query={query}
				what="your secrets"
				none="No secrets yet."
				row={(secret) => (
					<div className={classes.row}>
						<span className={classes.rowIcon}>
							<Icon name="key" size={19} />
						</span>
						<div className={classes.words}>
							<strong>{secret.name}</strong>
							<span>
								{secret.usedAt === null ? (
									'never used'
								) : (
									<>
										used <RelativeTime at={secret.usedAt} />
									</>
								)}
								{secret.openTasks > 0 && ` · ${plural(secret.openTasks, 'open task needs', 'open tasks need')} it`}
							</span>
						</div>
						<div className={classes.rowActs}>
							<Button variant="default" size="sm" onClick={() => open({ kind: 'replace', secret })}>
								Replace<span className="millrace-off-screen"> the secret {secret.name}</span>
							</Button>
							<Button variant="default" size="sm" onClick={() => open({ kind: 'delete', secret })}>
								Delete<span className="millrace-off-screen"> the secret {secret.name}</span>
							</Button>
						</div>
					</div>
				)}
			/>
			<Modal opened={dialog?.kind === 'new'} onClose={close} title="New secret">
				<SecretForm onClose={close} onDone={close} />
			</Modal>
			<Modal
				opened={dialog?.kind === 'replace'}
				onClose={close}
				title={dialog?.kind === 'replace' ? `Replace ${dialog.secret.name}` : ''}
			>
				{dialog?.kind === 'replace' && <SecretForm secret={dialog.secret} onClose={close} onDone={close} />}
			</Modal>
			<ConfirmDialog
				opened={dialog?.kind === 'delete'}
				title={dialog?.kind === 'delete' ? `Delete ${dialog.secret.name}?` : ''}
				act="Delete the secret"
				busy={remove.isPending}
				error={remove.isError ? errorText(remove.error) : null}
				onClose={close}
				onConfirm={() => dialog?.kind === 'delete' && remove.mutate(dialog.secret)}
			>
				What needs it cannot run any more. It cannot be brought back, as nobody can read it.
			</ConfirmDialog>
		</Card>
	);
};
