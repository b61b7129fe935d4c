/** Slots: the variables that belong to another variable, its Adam moments or its moving average. */

import type { DType } from '../core/dtype.js';
import type { TensorLike } from './arguments.js';
import { colocateWith } from './colocation.js';
import type { Tensor } from './graph.js';
import type { Initializer } from './initializers.js';
import { Variable } from './variable.js';
import { getVariable, variableScope } from './variable-scope.js';

/**
 * A variable `<primary>/<name>`, with `_1`, `_2`, ... when that prefix was used before: slot_creator.create_slot. The
 * first value is that of `initializer`, a function of the primary's shape or a value.
 * @internal
 */
export function createSlot(
  primary: Variable | Tensor,
  initializer: Initializer | TensorLike,
  name: string,
  dtype: DType = primary.dtype,
): Variable {
  return variableScope(null, { defaultName: `${primary.op.name}/${name}` }, () =>
    colocateWith(primary, () => {
      const slot =
        typeof initializer === 'function'
          ? getVariable('', primary.shape!, { initializer, dtype, trainable: false })
          : getVariable('', { initializer, trainable: false });
      if (primary instanceof Variable) shareSlice(primary, slot);
      return slot;
    }),
  );
}

// A slot of a part is the same part of a slot.
function shareSlice(primary: Variable, slot: Variable): void {
  const slice = primary.saveSliceInfo;
  if (slice === undefined) return;
  const own = slot.op.name.slice(primary.op.name.length + 1);
  slot.setSaveSliceInfo({ ...slice, fullName: `${slice.fullName}/${own}` });
}
