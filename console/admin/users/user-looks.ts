import type { UserView } from '../../../shared/protocol/account.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { words } from './words.ts';

export type UserState = 'active' | 'invited' | 'disabled';

export const stateOf = ({ disabled, invited }: Pick<UserView, 'disabled' | 'invited'>): UserState =>
	disabled ? 'disabled' : invited ? 'invited' : 'active';

export const USER_LOOKS: Record<UserState, StateLook> = {
	active: { word: words.active, color: 'teal', icon: 'circleCheck' },
	invited: { word: words.invited, color: 'orange', icon: 'hourglass' },
	disabled: { word: words.stateDisabled, color: 'red', icon: 'ban' },
};
