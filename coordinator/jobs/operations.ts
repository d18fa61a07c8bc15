import { settlePlain, settleWithEffects } from './settle-store.ts';
import { commitUpload, findUploadAnswer } from './upload-store.ts';

/** All SQL of this room. */
export const JOB_OPERATIONS = [commitUpload, findUploadAnswer, settlePlain, settleWithEffects];
