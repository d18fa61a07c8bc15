import { ActionIcon, Menu } from '@mantine/core';
import type { NodeView } from '../../../shared/protocol/node.ts';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { actsOf, type NodeActKind } from './node-acts.ts';
import { words } from './words.ts';

/** What can be done to a node, behind three dots. */
export const NodeMenu = ({ node, onAct }: { node: NodeView; onAct(kind: NodeActKind): void }) => {
	const { role } = useMe();
	return (
		<Menu position="bottom-end">
			<Menu.Target>
				<ActionIcon variant="subtle" color="gray" aria-label={words.actsOn(node.name)}>
					<Icon name="dots" size={16} />
				</ActionIcon>
			</Menu.Target>
			<Menu.Dropdown>
				{actsOf(node, role).map(({ kind, word, icon, isFinal, isDenied }) => (
					<Menu.Item
						key={kind}
						leftSection={<Icon name={icon} size={15} />}
						disabled={isDenied}
						{...(isDenied ? { title: words.adminsOnly } : {})}
						{...(isFinal && !isDenied ? { color: 'red' } : {})}
						onClick={() => onAct(kind)}
					>
						{word}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
};
