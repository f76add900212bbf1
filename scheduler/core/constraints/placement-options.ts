/** Option types for keys that hold constraints, so that every service reads them alike. */
import type { OptionType } from '../../../config/option-types.ts';
import { StevedoreError } from '../../../protocol/errors.ts';
import { type ParsedConstraints, parseConstraints } from './constraint-parser.ts';
import { parseHostAttributes } from './host-attribute-parser.ts';
import type { Constraint } from './placement-rule.ts';

function takeOrThrow({ constraints, problems }: ParsedConstraints): readonly Constraint[] {
  const [first, ...others] = problems;
  if (first === undefined) return constraints;
  if (others.length === 0) throw first;
  const problem = problems.map(({ message }) => message).join(' ');
  throw new StevedoreError('ERR_CONSTRAINTS_SEVERAL', { count: problems.length, problem });
}

/** For hard constraints and for preferences. */
export const constraintsType: OptionType<readonly Constraint[]> = {
  name: 'constraints',
  parse: (text) => takeOrThrow(parseConstraints(text)),
};

/** For `mesos.constraints.hard.hostattribute`. */
export const hostAttributesType: OptionType<readonly Constraint[]> = {
  name: 'host attributes',
  parse: (text) => takeOrThrow(parseHostAttributes(text)),
};
