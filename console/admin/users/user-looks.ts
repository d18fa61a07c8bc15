import type { UserView } from '../../../shared/protocol/account.ts';
import type { StateLook } from '../../kit/task-words.ts';

export type UserState = 'active' | 'invited' | 'disabled';

export const stateOf = ({ disabled, invited }: Pick<UserView, 'disabled' | 'invited'>): UserState =>
	disabled ? 'disabled' : invited ? 'invited' : 'active';

export const USER_LOOKS: Record<UserState, StateLook> = {
	active: { word: 'Active', color: 'teal', icon: 'circleCheck' },
	invited: { word: 'Invited', color: 'orange', icon: 'hourglass' },
	disabled: { word: 'Disabled', color: 'red', icon: 'ban' },
};
