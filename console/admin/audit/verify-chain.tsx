import { Button, Modal, Progress } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { readAuditCheck, verifyAudit } from '../../../shared/client/audit.ts';
import type { auditVerdictSchema } from '../../../shared/protocol/audit.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { ErrorState } from '../../kit/states.tsx';
import { useCommands } from '../palette/commands.tsx';
import { keys } from '../remote/keys.ts';
import classes from './audit.module.css';
import { words } from './words.ts';

const ASK_EVERY_MS = 500;

/** Proves that nobody has changed the log. It goes on when its dialog is closed. */
export const VerifyChain = ({ onShow }: { onShow(seq: number): void }) => {
	const [opened, dialog] = useDisclosure(false);
	const check = useMutation({ mutationFn: () => verifyAudit(http) });
	const show = () => {
		dialog.open();
		if (check.isIdle) check.mutate();
	};
	useCommands([{ id: 'audit verify', group: words.title, word: words.verify, icon: 'shield', run: show }]);
	return (
		<>
			<Button
				variant="default"
				leftSection={<Icon name="shield" size={16} />}
				loading={check.isPending && !opened}
				onClick={show}
			>
				{words.verify}
			</Button>
			<Modal opened={opened} onClose={dialog.close} title={words.verify}>
				<div className={classes.verify}>
					<p>{words.verifyText}</p>
					{check.isPending && <Underway />}
					{check.error && <ErrorState error={check.error} what={words.notVerified} onRetry={() => check.mutate()} />}
					{check.data && (
						<Verdict
							verdict={check.data}
							onShow={(seq) => {
								dialog.close();
								onShow(seq);
							}}
						/>
					)}
					<div className={classes.verifyActs}>
						{!check.isPending && !check.error && (
							<Button variant="default" onClick={() => check.mutate()}>
								{words.again}
							</Button>
						)}
						<Button onClick={dialog.close}>{words.close}</Button>
					</div>
				</div>
			</Modal>
		</>
	);
};

const Underway = () => {
	const progress = useQuery({
		queryKey: keys.auditCheck,
		queryFn: ({ signal }) => readAuditCheck(http, { signal }),
		refetchInterval: ASK_EVERY_MS,
		gcTime: 0,
	});
	const { checked = 0, of = 0 } = progress.data?.running ?? {};
	return (
		<div role="status">
			<Progress
				value={of === 0 ? 0 : (100 * checked) / of}
				aria-label={words.verifying}
				animated
				className={classes.bar!}
			/>
			{of > 0 ? words.progress(checked, of) : words.verifying}
		</div>
	);
};

type AuditVerdict = z.infer<typeof auditVerdictSchema>;

const Verdict = ({ verdict, onShow }: { verdict: AuditVerdict; onShow(seq: number): void }) => {
	if (!verdict.ok) {
		return (
			<div className={classes.bad} role="alert">
				<Icon name="alert" />
				<div>
					<p>{words.bad(verdict.firstBad)}</p>
					<Button size="compact-sm" variant="default" onClick={() => onShow(verdict.firstBad)}>
						{words.entry(verdict.firstBad)}
					</Button>
				</div>
			</div>
		);
	}
	return (
		<div className={classes.good} role="status">
			<Icon name="circleCheck" />
			<div>
				<p>
					{words.good(verdict.rows)}
					{verdict.blanked > 0 && ` ${words.blankedRows(verdict.blanked)}`}
				</p>
				<p>{words.head}</p>
				<span className={classes.hash}>
					<span className="millrace-mono">{verdict.head}</span>
					<CopyButton text={verdict.head} what={words.hash.toLowerCase()} />
				</span>
			</div>
		</div>
	);
};
